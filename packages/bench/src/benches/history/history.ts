import { encodeRecord } from '@hookline/contracts'
import { migrate } from '@hookline/inbox'
import { seededRandom, waitFor } from '@hookline/local'
import { MongoClient } from 'mongodb'
import type { Bench } from '../../bench.ts'
import { type Service, startService } from '../../consumers/consumer.ts'
import { expected } from '../../consumers/expected.ts'
import { type Measured, ratesTable, roundsOf } from '../../consumers/rounds.ts'
import { measure, ratePerS, type Sample } from '../../consumers/subject.ts'
import { copyOf, lives, orderIdOf } from '../../records/copies.ts'
import { openFill } from '../../records/fill.ts'
import { mongodbOf, type Stage } from '../../stage.ts'
import { atLeast, ratio } from '../../verdict.ts'
import { count } from '../../words.ts'
import { arriving } from './arriving.ts'
import { storeOrders } from './stored-orders.ts'
import { twinsOf } from './twins.ts'

const ORDERS = 1_000_000
const ROUNDS = 5
const ROUND_MS = 4_000
const FIRST = 8_000
const FIRST_LIMIT_MS = 60_000
const SEED = 7
const SCRIPT = '../services/no-op.ts'
const [EMPTY, STORED] = ['bench-empty', 'bench-history']

const RATE = {
  name: 'rate with 1,000,000 orders already stored, against an empty database',
  target: '≥ 0.8×',
}

/** Whether a service slows down over the years. */
export const history: Bench = {
  name: 'history',
  about: 'on a database of 1,000,000 orders, beside an empty one; half of the events are about stored orders',
  targets: [RATE],
  mongodb: true,
  async run(stage) {
    const { progress } = stage
    const [random, nowMs] = [seededRandom(SEED), Date.now()]
    const all = lives(random, nowMs)
    const fill = openFill(stage)
    const empty = await startService(stage, { name: EMPTY, script: SCRIPT })
    const first = all.flatMap((life, n) => life.map(event => copyOf(event, orderIdOf(n))))
    await fill(empty.topic, first.map(encodeRecord))
    await handles(stage, empty, first.length)
    progress(`storing ${count(ORDERS)} orders`)
    const before = await storeOrders(stage, { from: EMPTY, into: STORED, orders: ORDERS, lives: all })
    progress(`${count(ORDERS)} orders with ${count(before)} events are stored`)
    const full = await startService(stage, { name: STORED, script: SCRIPT })
    await handles(stage, full, first.length)

    const next = arriving({ lives: all, stored: ORDERS, random, nowMs })
    const sent = expected()
    const latest = { sent: expected() }
    const twins = twinsOf(stage, fill, [
      { name: 'empty database', service: empty, handled: first.length, reset: () => dropDatabase(stage, EMPTY) },
      { name: `${count(ORDERS)} orders stored`, service: full, handled: first.length },
    ])
    async function round(what: string, records: number): Promise<readonly Sample[]> {
      stage.session.signal.throwIfAborted()
      const events = next(records)
      sent.add(events)
      latest.sent = expected()
      latest.sent.add(events)
      await twins.prepare(events)
      const samples: Sample[] = []
      for (const subject of twins.subjects) {
        const sample = await measure(subject, records, stage.mongodb?.pid ?? 0)
        progress(`${what}: ${subject.name}: ${count(Math.round(ratePerS(sample)))}/s`)
        samples.push(sample)
      }
      return samples
    }

    const [cold] = await round('warm-up', FIRST)
    const [warm] = await round('warm-up', sizeOf(cold))
    const rounds: (readonly Sample[])[] = []
    for (let n = 1; n <= ROUNDS; n++) rounds.push(await round(`round ${n} of ${ROUNDS}`, sizeOf(warm)))
    twins.resume()

    const measured: readonly Measured[] = twins.subjects.map(({ name }, n) => ({
      name,
      samples: rounds.flatMap(samples => samples[n] ?? []),
    }))
    const [onEmpty = [], onFull = []] = measured.map(({ samples }) => samples.map(ratePerS))
    const sizes = await full.store.sizes()
    return {
      tables: [
        ratesTable('events/s', measured),
        {
          head: ['on disk with indexes, of the stored orders', 'bytes'],
          rows: [
            ['an event', `${Math.round(sizes.event)}`],
            ['an order', `${Math.round(sizes.order)}`],
          ],
        },
      ],
      results: [atLeast(RATE, [0.8], [ratio(onFull, onEmpty)], roundsOf(measured))],
      voids: [
        ...(await empty.store.check(latest.sent)),
        ...(await full.store.check(sent, before)),
        ...(await wrongs(empty, first.length + sent.events(), 0)),
        // what was read from the topic's start is in its database as copies
        ...(await wrongs(full, sent.events(), first.length)),
      ],
    }
  },
}

async function handles(stage: Stage, { topic, handled }: Service, records: number): Promise<void> {
  const { signal } = stage.session
  const isDone = async () => ((await handled(records)) ? true : undefined)
  await waitFor(`the first ${records} records of ${topic}`, isDone, { limitMs: FIRST_LIMIT_MS, signal })
}

async function dropDatabase(stage: Stage, name: string): Promise<void> {
  const client = new MongoClient(mongodbOf(stage))
  try {
    await client.db(name).dropDatabase()
  } finally {
    await client.close()
  }
  await migrate(mongodbOf(stage), name)
}

/** Records of a round: the same for both. */
function sizeOf(sample: Sample | undefined): number {
  return sample === undefined ? FIRST : Math.ceil((ratePerS(sample) * ROUND_MS) / 1_000)
}

/** What its own counters say: each event's effect was done, and once. */
async function wrongs({ process, metric }: Service, effects: number, duplicates: number): Promise<readonly string[]> {
  if (process.ended() !== undefined) return [`a service ended: ${process.ended()}`]
  const done = await metric('hookline_effects_total{effect="nothing",outcome="done"}')
  const dropped = await metric('hookline_duplicates_dropped_total')
  return [
    ...(done === effects ? [] : [`${count(done)} effects were done for ${count(effects)} events`]),
    ...(dropped === duplicates
      ? []
      : [`${count(dropped)} records were dropped as duplicates, not ${count(duplicates)}`]),
  ]
}
