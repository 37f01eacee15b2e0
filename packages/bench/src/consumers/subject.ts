import { usageOf } from '../measured-process.ts'
import type { MeasuredProcess } from '../measured-process.ts'

/** Something that puts events into an inbox: ours or a peer. */
export interface Subject {
  readonly name: string
  readonly process: Pick<MeasuredProcess, 'usage' | 'hold' | 'goOn'>
  /** Makes so many records ready for it, which it does not begin with. */
  prepare(records: number): Promise<void>
  /** Resolves when all of them are handled. */
  run(): Promise<void>
  /** Sentences on what was not done exactly once, or is not at its newest; empty where all is well. */
  check(): Promise<readonly string[]>
}

/** What one round took. */
export interface Sample {
  readonly records: number
  readonly tookMs: number
  readonly cpuMs: number
  readonly mongodCpuMs: number
}

export async function measure(subject: Subject, records: number, mongodPid: number): Promise<Sample> {
  await subject.prepare(records)
  const usage = () => Promise.all([subject.process.usage(), usageOf(mongodPid)])
  const [own, mongod] = await usage()
  const beganMs = performance.now()
  await subject.run()
  const tookMs = performance.now() - beganMs
  const [ownAfter, mongodAfter] = await usage()
  const cpuMs = ownAfter.cpuMs - own.cpuMs
  return { records, tookMs, cpuMs, mongodCpuMs: mongodAfter.cpuMs - mongod.cpuMs }
}

export function ratePerS({ records, tookMs }: Sample): number {
  return (records * 1_000) / tookMs
}

/** Of the process itself, for each record. */
export function cpuUs({ records, cpuMs }: Sample): number {
  return (cpuMs * 1_000) / records
}

export function mongodCpuUs({ records, mongodCpuMs }: Sample): number {
  return (mongodCpuMs * 1_000) / records
}
