import { setTimeout as delay } from 'node:timers/promises'
import { CONSUMERS, type ConsumerName } from '../../src/demo/judged.ts'
import type { Stack } from '../../src/stack.ts'
import type { Instance } from '../../src/stack-file.ts'
import { instanceOf, metricsText } from './metrics.ts'

const COUNTED = {
  redelivered: 'hookline_duplicates_dropped_total',
  accepted: 'hookline_events_accepted_total',
  taken_over: 'hookline_leases_taken_over_total',
  lost: 'hookline_leases_lost_total',
  conflicts: 'hookline_claim_conflicts_total',
  retried: 'hookline_retries_total',
  joined: 'hookline_rebalances_total',
} as const

/** Tells a process from the one before it in the same place. */
const STARTED = 'process_start_time_seconds'

/** What a service's processes have counted. */
export type Counts = Readonly<Record<keyof typeof COUNTED, number>>

const NOTHING: Counts = { redelivered: 0, accepted: 0, taken_over: 0, lost: 0, conflicts: 0, retried: 0, joined: 0 }
const EVERY_MS = 500

/**
 * What all processes of the consumers have counted, those that are gone too, as they last said: a process that is killed
 * takes with it what it counted in its last moments.
 */
export interface Counting {
  of(service: ConsumerName): Counts
  /** Asks everybody a last time, then ends. */
  end(): Promise<void>
}

export function count(stack: Stack): Counting {
  const byProcess = new Map<ConsumerName, Map<string, Counts>>(CONSUMERS.map(service => [service, new Map()]))
  let over = false

  async function ask(service: ConsumerName, instance: Instance): Promise<void> {
    // a process that is gone or stopped does not answer
    const text = await metricsText(instance).catch(() => '')
    if (text !== '') byProcess.get(service)?.set(`${instance.admin} ${valueIn(text, STARTED)}`, countsIn(text))
  }

  const places = CONSUMERS.flatMap(service => (stack.info.services[service] ?? []).map((_, n) => ({ service, n })))
  const askAt = ({ service, n }: (typeof places)[number]) => ask(service, instanceOf(stack.info, service, n))

  // each by itself: one that is stopped keeps nobody waiting
  const asking = places.map(async place => {
    while (!over) {
      await askAt(place)
      await delay(EVERY_MS)
    }
  })
  return {
    of: service => [...(byProcess.get(service)?.values() ?? [])].reduce(plus, NOTHING),
    async end() {
      over = true
      await Promise.all(asking)
      await Promise.all(places.map(askAt))
    },
  }
}

/** What one process has counted. Rejects where it does not answer. */
export async function countsOf(instance: Instance): Promise<Counts> {
  return countsIn(await metricsText(instance))
}

function countsIn(text: string): Counts {
  return mapCounts(name => valueIn(text, COUNTED[name]))
}

function valueIn(text: string, name: string): number {
  const line = text.split('\n').find(one => one.startsWith(`${name} `))
  return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ')))
}

export function minus(after: Counts, before: Counts): Counts {
  return mapCounts(name => after[name] - before[name])
}

function plus(one: Counts, other: Counts): Counts {
  return mapCounts(name => one[name] + other[name])
}

function mapCounts(of: (name: keyof Counts) => number): Counts {
  return {
    redelivered: of('redelivered'),
    accepted: of('accepted'),
    taken_over: of('taken_over'),
    lost: of('lost'),
    conflicts: of('conflicts'),
    retried: of('retried'),
    joined: of('joined'),
  }
}
