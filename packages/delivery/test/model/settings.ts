/** What a run of the model can be told from outside. */
export interface ModelSettings {
  schedules: number
  firstSeed: number
  /** Only variants whose name contains this. */
  variant: string
  /** Print the trace of the first schedule. */
  trace: boolean
}

/** `MODEL_SCHEDULES`, `MODEL_SEED`, `MODEL_VARIANT`, `MODEL_TRACE=1`. */
export function modelSettings(env: Record<string, string | undefined>): ModelSettings {
  return {
    schedules: whole(env.MODEL_SCHEDULES, 'MODEL_SCHEDULES') ?? 3_000,
    firstSeed: whole(env.MODEL_SEED, 'MODEL_SEED') ?? 1,
    variant: env.MODEL_VARIANT ?? '',
    trace: env.MODEL_TRACE === '1',
  }
}

function whole(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${name} is not a whole number above zero: ${text}`)
  return Number(text)
}
