/** The consumers that the demo and its oracle are about, whatever else stands in `services/`. */
export const CONSUMERS = ['erp-sync', 'email', 'wms'] as const
export type ConsumerName = (typeof CONSUMERS)[number]
