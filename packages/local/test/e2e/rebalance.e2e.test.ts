import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONSUMERS, type ConsumerName } from '../../src/demo/judged.ts'
import { type Stack, startStack } from '../../src/stack.ts'
import type { Instance } from '../../src/stack-file.ts'
import { waitFor } from '../../src/wait-for.ts'
import { armoury } from './armoury.ts'
import { effective } from './blows.ts'
import { instanceOf, metricOf } from './metrics.ts'
import { streamOrders, type StreamedOrder } from './order-stream.ts'
import { repeats, wrongOutcomes } from './outcome.ts'
import { recordsStored, recordsTaken } from './partitions.ts'
import { deadEntries, settled } from './store.ts'
import { type Ledgers, ledgersOf, setFault, type Target, TARGETS } from './targets.ts'

/** Short, so that what a process that hangs holds is taken over soon. */
const LEASE_MS = 5_000
const LIMIT_MS = 90_000
const INSTANCES = [0, 1] as const

const dir = mkdtempSync(join(tmpdir(), 'hookline-rebalance-'))
const weapons = armoury(dir)

let stack: Stack
let mongo: MongoClient

/** Over all processes of all consumers. */
interface Counters {
  readonly rebalances: number
  readonly duplicates: number
  readonly conflicts: number
  readonly lost: number
  readonly takenOver: number
  /** Records that were taken from Kafka, and those that each of the consumers should have taken. */
  readonly taken: number
  readonly stored: number
}

/** What one part of the run did, to orders of its own. */
interface Part {
  readonly orders: readonly StreamedOrder[]
  readonly ledgers: Ledgers
  readonly before: Counters
  readonly after: Counters
}

let rolled: Part
let pidsBefore: readonly number[]
let pidsAfter: readonly number[]
let hung: Part

beforeAll(async () => {
  // a busy machine must not look like a target that does not answer
  const env = { LEASE_MS: `${LEASE_MS}`, KAFKA_SESSION_TIMEOUT_MS: '6000', REQUEST_TIMEOUT_MS: '10000' }
  stack = await startStack({
    ephemeral: true,
    env: { ...env, ...weapons.env },
    replicas: { 'erp-sync': 2, email: 2, wms: 2 },
  })
  mongo = await MongoClient.connect(stack.info.mongodb)
  pidsBefore = pids()
  rolled = await underLoad(async () => {
    for (const n of INSTANCES) await Promise.all(CONSUMERS.map(service => stack.restart(service, n)))
  })
  pidsAfter = pids()
  for (const target of TARGETS) await setFault(stack.info, target, { mode: 'slow', delay_ms: 3_000, rate: 0.6 })
  hung = await underLoad(() => Promise.all(CONSUMERS.map(hangAtWork)).then(() => undefined))
  console.log('The new processes of a rolling restart:', rolled.after)
  console.log('A process of each service that hangs past its lease:', between(hung))
}, 300_000)
afterAll(async () => {
  await mongo?.close()
  await stack?.close()
  rmSync(dir, { recursive: true, force: true })
})

const pids = () => CONSUMERS.flatMap(service => stack.info.services[service]?.map(one => one.pid) ?? [])

/** Does it under a stream of orders, and waits until all of it is settled. */
async function underLoad(task: () => Promise<void>): Promise<Part> {
  const { info } = stack
  const before = await counters()
  let over = false
  const whole = async () => {
    try {
      await task()
    } finally {
      over = true
    }
  }
  const streaming = streamOrders({ info, perSecond: 50, goOn: begun => !over || begun < 100 })
  const [orders] = await Promise.all([streaming, whole()])
  for (const target of TARGETS) await setFault(info, target, { mode: 'ok' })
  await settled({ info, mongo })
  const after = await counters()
  const ledgers = await ledgersOf(info)
  const ids = new Set(orders.map(({ orderId }) => orderId))
  const own = (target: Target) => ledgers[target].filter(({ order_id }) => ids.has(order_id))
  return { orders, ledgers: { erp: own('erp'), wms: own('wms'), mail: own('mail') }, before, after }
}

/**
 * Stops a process when it has claimed orders and not committed their records, until another one has its leases and its
 * partitions, as a node does that hangs.
 */
async function hangAtWork(service: ConsumerName): Promise<void> {
  const hung = async () => ((await hang(service)) ? true : undefined)
  await waitFor(`${service} that hangs at work`, hung, { limitMs: LIMIT_MS })
}

/** Resolves with false where what it held was finished just before. */
async function hang(service: ConsumerName): Promise<boolean> {
  const [other, victim] = [instanceOf(stack.info, service, 0), instanceOf(stack.info, service, 1)]
  const joined = await rises(other, 'hookline_rebalances_total')
  const takenOver = await rises(other, 'hookline_leases_taken_over_total')
  const lost = await rises(victim, 'hookline_leases_lost_total')
  const atWork = async () => ((await metricOf(victim, 'hookline_lanes_in_flight')) > 2 ? true : undefined)
  await waitFor(`${service} at work`, atWork, { limitMs: LIMIT_MS })
  const id = await weapons.arm(victim, { point: 'claimed', nth: 1, signal: 'SIGSTOP' })
  await waitFor(`${service} that claims orders`, () => weapons.markOf(victim, id), { limitMs: LIMIT_MS })
  try {
    await joined(LIMIT_MS)
    if (!(await takenOver(LEASE_MS).catch(() => false))) return false
  } finally {
    stack.kill(service, 1, 'SIGCONT')
  }
  return lost(LEASE_MS).catch(() => false)
}

/** A wait until a counter is above what it is now. */
async function rises(instance: Instance, name: string): Promise<(limitMs: number) => Promise<true>> {
  const before = await metricOf(instance, name)
  const above = async () => ((await metricOf(instance, name)) > before ? true : undefined)
  return limitMs => waitFor(`a higher ${name}`, above, { limitMs })
}

/** What the present processes of all consumers have counted since they started. */
async function counters(): Promise<Counters> {
  const { info } = stack
  const sum = async (name: string) => {
    const counts = CONSUMERS.flatMap(service => INSTANCES.map(n => metricOf(instanceOf(info, service, n), name)))
    return (await Promise.all(counts)).reduce((total, count) => total + count, 0)
  }
  const taken = await Promise.all(CONSUMERS.map(service => recordsTaken(info, service)))
  return {
    rebalances: await sum('hookline_rebalances_total'),
    duplicates: await sum('hookline_duplicates_dropped_total'),
    conflicts: await sum('hookline_claim_conflicts_total'),
    lost: await sum('hookline_leases_lost_total'),
    takenOver: await sum('hookline_leases_taken_over_total'),
    taken: taken.reduce((total, count) => total + count, 0),
    stored: CONSUMERS.length * (await recordsStored(info)),
  }
}

/** What happened between the two, to the same processes. */
function between({ before, after }: Part): Counters & { redelivered: number } {
  const since = (name: keyof Counters) => after[name] - before[name]
  return {
    rebalances: since('rebalances'),
    duplicates: since('duplicates'),
    conflicts: since('conflicts'),
    lost: since('lost'),
    takenOver: since('takenOver'),
    taken: since('taken'),
    stored: since('stored'),
    redelivered: since('taken') - since('stored'),
  }
}

test('a rolling restart of all consumers under load loses, doubles and reorders nothing', () => {
  expect(pidsAfter.filter(pid => pidsBefore.includes(pid))).toEqual([])
  expect(wrongOutcomes(rolled.orders, rolled.ledgers)).toEqual([])
})

test('who is asked to leave finishes what it has begun: nobody has to ask again', () => {
  expect(TARGETS.flatMap(target => repeats(rolled.ledgers[target]))).toEqual([])
  expect(rolled.after).toMatchObject({ lost: 0, takenOver: 0 })
})

test('the rolling restart bit: partitions changed hands under work, and duplicates came', () => {
  // each new process joins, and the others with it
  expect(rolled.after.rebalances).toBeGreaterThanOrEqual(CONSUMERS.length * 4)
  expect(rolled.after.duplicates).toBeGreaterThan(0)
})

test('processes that hang past their lease under load lose, double and reorder nothing', () => {
  expect(wrongOutcomes(hung.orders, effective(hung.ledgers))).toEqual([])
})

test('the hanging bit: leases were lost and taken over, records came again, claims collided, requests were repeated', () => {
  const { rebalances, lost, takenOver, redelivered, duplicates, conflicts } = between(hung)
  const bites = { rebalances, lost, takenOver, redelivered, duplicates, conflicts }
  expect(Object.entries(bites).filter(([, count]) => !(count > 0))).toEqual([])
  expect(TARGETS.flatMap(target => repeats(hung.ledgers[target])).length).toBeGreaterThan(0)
})

test('neither makes anything dead', async () => {
  expect(await deadEntries(mongo)).toEqual([])
})
