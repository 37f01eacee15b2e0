/** What a run of random schedules can be told from outside. */
export interface RandomSettings {
  /** For each variant, times its weight. */
  schedules: number
  firstSeed: number
  /** Only variants whose name contains this. */
  variant: string
  /** Print what was seen. */
  tell: boolean
}

/** For a longer search: `LOOP_SCHEDULES`, `LOOP_SEED`, `LOOP_VARIANT`, `LOOP_TELL=1`. */
export function randomSettings(env: Record<string, string | undefined>): RandomSettings {
  return {
    schedules: Number(env.LOOP_SCHEDULES ?? 40),
    firstSeed: Number(env.LOOP_SEED ?? 1),
    variant: env.LOOP_VARIANT ?? '',
    tell: env.LOOP_TELL === '1',
  }
}
