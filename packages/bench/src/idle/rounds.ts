import { setTimeout as delay } from 'node:timers/promises'
import { cpuMsOf, sleepsOf } from './cpu-time.ts'

const ROUNDS = 5
const ROUND_MS = 10_000

/** What a process did in a second while it had nothing to do. */
export interface IdleSample {
  readonly of: string
  readonly round: number
  readonly cpuUsPerS: number
  /** How often a thread of it went to sleep, so woke up; undefined where the system does not tell. */
  readonly sleepsPerS: number | undefined
}

interface Idler {
  readonly name: string
  readonly pid: number
}

/** Looks at all of them at the same time: what else the machine does falls on each. */
export async function idleRounds(idlers: readonly Idler[], signal: AbortSignal): Promise<readonly IdleSample[]> {
  const samples: IdleSample[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const before = await Promise.all(idlers.map(look))
    await delay(ROUND_MS, undefined, { signal })
    const after = await Promise.all(idlers.map(look))
    idlers.forEach(({ name }, n) => {
      const [from, to] = [before[n], after[n]]
      if (from && to) samples.push({ of: name, round, ...between(from, to) })
    })
  }
  return samples
}

interface Looked {
  readonly atMs: number
  readonly cpuMs: number
  readonly sleeps: number | undefined
}

async function look({ pid }: Idler): Promise<Looked> {
  const [cpuMs, sleeps] = await Promise.all([cpuMsOf(pid), sleepsOf(pid)])
  return { atMs: performance.now(), cpuMs, sleeps }
}

function between(from: Looked, to: Looked): Pick<IdleSample, 'cpuUsPerS' | 'sleepsPerS'> {
  const tookMs = to.atMs - from.atMs
  const sleeps = from.sleeps === undefined || to.sleeps === undefined ? undefined : to.sleeps - from.sleeps
  return {
    cpuUsPerS: ((to.cpuMs - from.cpuMs) * 1_000_000) / tookMs,
    sleepsPerS: sleeps === undefined ? undefined : (sleeps * 1_000) / tookMs,
  }
}
