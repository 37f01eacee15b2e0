/** What the demo can break on purpose. */
export const SABOTAGES = ['dedupe', 'floor', 'lose'] as const
export type SabotageName = (typeof SABOTAGES)[number]
