/** Runs one random schedule for a seed: the model, or the real loop. The same seed gives the same one. */
export interface Proof {
  /** The conditions that seeds take turns under; one that is there twice gets twice as many. */
  readonly variants: readonly string[]
  /** What a schedule can run into. */
  readonly counters: readonly string[]
  /** `log`, where given, takes the schedule's trace. */
  run(seed: number, variant: string, log?: string[]): Promise<Result>
}

interface Result {
  readonly violations: readonly { guarantee: string; detail: string }[]
  readonly seen: Readonly<Record<string, number>>
}

/** The schedules of `count` seeds from `firstSeed` on. `variant`: a name, or a part of several names. */
export interface Range {
  firstSeed: number
  count: number
  variant: string
}

/** The first schedule that violates a guarantee. */
export interface Finding {
  seed: number
  variant: string
  guarantee: string
  detail: string
  /** The end of its trace: ticks, then what happened. */
  trace: readonly string[]
}

export interface Found {
  finding: Finding | undefined
  /** What all of them ran into, by counter. */
  seen: Record<string, number>
  /** How many ran: the last one is the finding's. */
  schedules: number
}

const TRACE_LINES = 80

/** Runs schedules until one violates a guarantee. Throws where no variant is called so. */
export async function search(proof: Proof, { firstSeed, count, variant }: Range): Promise<Found> {
  const variants = variantsCalled(proof.variants, variant)
  const seen = Object.fromEntries(proof.counters.map(counter => [counter, 0]))
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const name = variants[seed % variants.length] as string
    const result = await proof.run(seed, name)
    addTo(seen, result.seen)
    const [first] = result.violations
    if (!first) continue
    const trace = await traceOf(proof, seed, name)
    return {
      finding: { seed, variant: name, ...first, trace: trace.slice(-TRACE_LINES) },
      seen,
      schedules: seed - firstSeed + 1,
    }
  }
  return { finding: undefined, seen, schedules: count }
}

/** One schedule, told line by line. */
export async function traceOf(proof: Proof, seed: number, variant: string): Promise<readonly string[]> {
  const log: string[] = []
  const variants = variantsCalled(proof.variants, variant)
  await proof.run(seed, variants[seed % variants.length] as string, log)
  return log
}

/** Which of the variants are meant. */
function variantsCalled(variants: readonly string[], text: string): readonly string[] {
  const called = variants.includes(text) ? [text] : variants.filter(name => name.includes(text))
  if (called.length === 0) throw new Error(`no variant is called ${text}: ${[...new Set(variants)].join('; ')}`)
  return called
}

export function addTo(sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [counter, times] of Object.entries(more)) sum[counter] = (sum[counter] ?? 0) + times
}
