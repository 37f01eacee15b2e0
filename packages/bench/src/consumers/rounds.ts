import type { TableData } from '../bench.ts'
import type { Stage } from '../stage.ts'
import { median, spread } from '../statistics.ts'
import { count } from '../words.ts'
import { cpuUs, measure, mongodCpuUs, ratePerS, type Sample, type Subject } from './subject.ts'

const ROUNDS = 5
const ROUND_MS = 4_000

/** A subject, and how many records it gets. */
interface Entrant {
  readonly subject: Subject
  /** In the first warm-up: about what it handles in a second. */
  readonly first: number
  /** In each round. None: as many as it handles in four seconds, which the warm-ups tell. */
  readonly records?: number
}

/** An entrant with what was measured of it. */
export interface Measured {
  readonly name: string
  readonly samples: readonly Sample[]
}

/** Five rounds of all of them in turns, in the order given, each with as many records every time; before these each runs twice. */
export async function inTurns(stage: Stage, entrants: readonly Entrant[]): Promise<readonly Measured[]> {
  const { progress, session, mongodb } = stage
  async function one(what: string, subject: Subject, records: number): Promise<Sample> {
    session.signal.throwIfAborted()
    const sample = await measure(subject, records, mongodb?.pid ?? 0)
    progress(`${what}: ${subject.name}: ${textOf(sample)}`)
    return sample
  }

  const running: { subject: Subject; records: number; samples: Sample[] }[] = []
  for (const { subject, first, records } of entrants) {
    const cold = await one('warm-up', subject, first)
    const warm = await one('warm-up', subject, records === undefined ? sizeOf(cold) : first)
    running.push({ subject, records: records ?? sizeOf(warm), samples: [] })
  }
  for (let n = 1; n <= ROUNDS; n++) {
    for (const { subject, records, samples } of running) {
      samples.push(await one(`round ${n} of ${ROUNDS}`, subject, records))
    }
  }
  return running.map(({ subject: { name }, samples }) => ({ name, samples }))
}

/** Records of a round; an even number, of which half may be repeats. */
function sizeOf(sample: Sample): number {
  return Math.ceil((ratePerS(sample) * ROUND_MS) / 100_000) * 100
}

/** What was done wrongly by any of them. */
export async function wrongsOf(subjects: readonly Subject[]): Promise<readonly string[]> {
  const wrongs = await Promise.all(subjects.map(subject => subject.check()))
  // subjects of one process look at one database
  return [...new Set(wrongs.flat())]
}

/** Records a second, round by round. */
export function ratesOf({ name }: Subject, all: readonly Measured[]): readonly number[] {
  return all.find(one => one.name === name)?.samples.map(ratePerS) ?? []
}

export function ratesTable(title: string, all: readonly Measured[]): TableData {
  const rows = all.map(({ name, samples }) => {
    const figures = spread(samples.map(ratePerS))
    const us = [median(samples.map(cpuUs)), median(samples.map(mongodCpuUs))]
    return [name, ...[...figures, ...us].map(value => count(Math.round(value)))]
  })
  return { head: [title, 'min', 'median', 'max', 'CPU µs', 'mongod CPU µs'], rows }
}

/** As they are reported: each with what it was measured of. */
export function roundsOf(all: readonly Measured[]) {
  return all.flatMap(({ name, samples }) => samples.map((sample, n) => ({ of: name, round: n + 1, ...sample })))
}

function textOf(sample: Sample): string {
  const [rate, cpu, mongod] = [ratePerS(sample), cpuUs(sample), mongodCpuUs(sample)].map(Math.round)
  return `${count(sample.records)} records, ${count(rate ?? 0)}/s, ${cpu} µs of CPU each, ${mongod} µs of mongod's`
}
