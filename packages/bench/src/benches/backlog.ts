import { setTimeout as delay } from 'node:timers/promises'
import { encodeRecord } from '@hookline/contracts'
import { seededRandom } from '@hookline/local'
import type { Bench } from '../bench.ts'
import { type Service, startService } from '../consumers/consumer.ts'
import { type Expected, expected } from '../consumers/expected.ts'
import { type Usage, usageOf } from '../measured-process.ts'
import { copiedEvents, lives } from '../records/copies.ts'
import { openFill } from '../records/fill.ts'
import type { Stage } from '../stage.ts'
import { median } from '../statistics.ts'
import { atMost, tableOf } from '../verdict.ts'
import { count, mib, us } from '../words.ts'

const EVENTS = 1_000_000
const EARLY = 100_000
/** A heap breathes: what is compared are the medians over so many events, after the early ones and up to the end. */
const OVER = 50_000
const PIECE = 20_000
const SAMPLE_MS = 1_000
/** With what comes before it the bench then takes five minutes: what is slower is told, and goes on. */
const DRAIN_MS = 235_000
const DRAIN_LIMIT_MS = 900_000
const NAME = 'bench-no-op'
const SEED = 7

const MEMORY = {
  name: '1,000,000 events of backlog: resident memory at the end against after 100,000',
  target: '≤ 1.1×',
}

/** The service, as it is after so many events. */
interface Sample extends Usage {
  readonly atMs: number
  readonly events: number
  readonly mongodCpuMs: number
}

/** What waited while a service was away. */
export const backlog: Bench = {
  name: 'backlog',
  about: 'a service whose effect does nothing works off 1,000,000 events of about 290,000 orders',
  targets: [MEMORY],
  mongodb: true,
  async run(stage) {
    const all = await fillTopic(stage)
    const service = await startService(stage, { name: NAME, script: '../services/no-op.ts' })
    const samples = await drain(stage, service)
    const done = samples.at(-1)?.events ?? 0
    const early = residentOf(samples, EARLY)
    const late = residentOf(samples, EVENTS - OVER)
    return {
      tables: [
        tableOf('backlog', [
          { what: 'events done', value: count(done) },
          { what: 'events/s: all, the first tenth, the last tenth', value: ratesOf(samples).map(count).join(', ') },
          { what: 'RSS: after 100,000, at the end, most', value: [early, late, most(samples)].map(mib).join(', ') },
          { what: 'CPU for each event: service, mongod', value: cpuOf(samples).map(us).join(', ') },
          ...(await sizesOf(service)),
        ]),
      ],
      results: [atMost(MEMORY, [1.1], [late / early], samples)],
      voids:
        done < EVENTS
          ? [
              `only ${count(done)} events were done in ${DRAIN_LIMIT_MS / 1_000} s, ${count(ratesOf(samples)[0] ?? 0)}/s`,
            ]
          : await wrongs(service, all),
    }
  },
}

async function fillTopic(stage: Stage): Promise<Expected> {
  const { progress, session } = stage
  const random = seededRandom(SEED)
  const next = copiedEvents(lives(random, Date.now()), 0, random)
  const all = expected()
  const fill = openFill(stage)
  let filling = Promise.resolve()
  const beganMs = performance.now()
  for (let n = PIECE; n <= EVENTS; n += PIECE) {
    session.signal.throwIfAborted()
    const events = next(PIECE)
    all.add(events)
    const records = events.map(encodeRecord)
    // the next piece is made while this one is stored
    await filling
    filling = fill('points.webhook', records)
    if (n % 200_000 === 0) progress(`${count(n)} records, ${count(perS(n, performance.now() - beganMs))}/s`)
  }
  await filling
  return all
}

/** Samples of each second, until all is done or the time is over. */
async function drain({ session, progress, mongodb }: Stage, { process, store, handled }: Service) {
  const samples: Sample[] = []
  const beganMs = performance.now()
  for (let last: Sample | undefined; ; last = samples.at(-1)) {
    const [own, mongod, events] = await Promise.all([process.usage(), usageOf(mongodb?.pid ?? 0), store.stored()])
    const sample = { ...own, atMs: performance.now() - beganMs, events, mongodCpuMs: mongod.cpuMs }
    samples.push(sample)
    if (Math.floor(events / EARLY) > Math.floor((last?.events ?? 0) / EARLY)) {
      const wholeMs = (sample.atMs * EVENTS) / events
      const slow = wholeMs > DRAIN_MS ? `, at which all take ${Math.round(wholeMs / 1_000)} s` : ''
      progress(`${count(events)} events, ${count(perS(events, sample.atMs))}/s${slow}; RSS ${mib(own.rssBytes)}`)
    }
    if (process.ended() !== undefined || sample.atMs > DRAIN_LIMIT_MS) return samples
    if (events >= EVENTS && (await handled(EVENTS))) return samples
    await delay(SAMPLE_MS, undefined, session)
  }
}

/** Median of the samples of some events from this one on. */
function residentOf(samples: readonly Sample[], from: number): number {
  const within = samples.filter(({ events }) => events >= from && events <= from + OVER)
  return median(within.map(({ rssBytes }) => rssBytes))
}

function most(samples: readonly Sample[]): number {
  return Math.max(...samples.map(({ rssBytes }) => rssBytes))
}

/** Of all, of the first tenth and of the last one. */
function ratesOf(samples: readonly Sample[]): readonly number[] {
  const within = (from: number, to: number) => {
    const some = samples.filter(({ events }) => events >= from && events <= to)
    const [first, last] = [some.at(0), some.at(-1)]
    return first && last && last !== first ? perS(last.events - first.events, last.atMs - first.atMs) : 0
  }
  return [within(1, EVENTS), within(1, EVENTS / 10), within(EVENTS * 0.9, EVENTS)]
}

/** Of the service and of mongod, µs for each event, from the first sample on. */
function cpuOf(samples: readonly Sample[]): readonly number[] {
  const [first, last] = [samples.at(0), samples.at(-1)]
  if (first === undefined || last === undefined) return []
  const events = last.events - first.events
  return [last.cpuMs - first.cpuMs, last.mongodCpuMs - first.mongodCpuMs].map(ms => (ms * 1_000) / events)
}

async function sizesOf({ store }: Service) {
  const { event, order } = await store.sizes()
  const value = `${Math.round(event)}, ${Math.round(order)}`
  return [{ what: 'bytes on disk in MongoDB with indexes: an event, an order', value }]
}

async function wrongs({ process, store, metric }: Service, all: Expected): Promise<readonly string[]> {
  const effects = await metric('hookline_effects_total{effect="nothing",outcome="done"}')
  return [
    ...(effects === EVENTS ? [] : [`${count(effects)} effects were done for ${count(EVENTS)} events`]),
    ...(process.ended() === undefined ? [] : [`the service ended: ${process.ended()}`]),
    ...(await store.check(all)),
  ]
}

function perS(events: number, tookMs: number): number {
  return Math.round((events * 1_000) / tookMs)
}
