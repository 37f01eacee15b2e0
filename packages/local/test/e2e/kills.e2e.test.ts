import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONSUMERS, type ConsumerName } from '../../src/demo/judged.ts'
import { type Stack, startStack } from '../../src/stack.ts'
import { waitFor } from '../../src/wait-for.ts'
import { leaks } from './logs.ts'
import { instanceOf, metricOf } from './metrics.ts'
import { streamOrders, type StreamedOrder } from './order-stream.ts'
import { repeats, wrongOutcomes } from './outcome.ts'
import { deadEntries, settled } from './store.ts'
import { bitesOf, type LedgerEntry, type Ledgers, ledgersOf, setFault, TARGETS, type Target } from './targets.ts'

const ROUNDS = 7
const TARGET: Readonly<Record<ConsumerName, Target>> = { 'erp-sync': 'erp', email: 'mail', wms: 'wms' }
/** Short, so that what a kill left is taken over before the next one; longer than a slow request takes. */
const LEASE_MS = 5_000

interface Kill {
  readonly service: ConsumerName
  readonly atMs: number
}

let stack: Stack
let mongo: MongoClient
let orders: readonly StreamedOrder[]
let ledgers: Ledgers
const kills: Kill[] = []
/** By process: leases of others that it took over, as it last said. */
const takenOver = new Map<number, number>()

beforeAll(async () => {
  const env = { LEASE_MS: `${LEASE_MS}`, KAFKA_SESSION_TIMEOUT_MS: '6000', REQUEST_TIMEOUT_MS: '10000' }
  stack = await startStack({ ephemeral: true, env, replicas: { 'erp-sync': 2, email: 2, wms: 2 } })
  mongo = await MongoClient.connect(stack.info.mongodb)
  // a request is open for a while, so that a kill can meet it
  for (const target of TARGETS) await setFault(stack.info, target, { mode: 'slow', delay_ms: 800, rate: 0.3 })
  let killing = true
  const killAll = async () => {
    try {
      for (let round = 0; round < ROUNDS; round++) {
        await Promise.all(CONSUMERS.map(service => killAtWork(service, round % 2)))
        if (round === Math.floor(ROUNDS / 2)) await killMongod()
      }
    } finally {
      killing = false
    }
  }
  const streaming = streamOrders({ info: stack.info, perSecond: 25, goOn: begun => killing || begun < 300 })
  await Promise.all([killAll(), streaming])
  orders = await streaming
  for (const target of TARGETS) await setFault(stack.info, target, { mode: 'ok' })
  await settled({ info: stack.info, mongo })
  for (const service of CONSUMERS) for (const n of [0, 1]) await noteTakenOver(service, n)
  ledgers = await ledgersOf(stack.info)
}, 300_000)
afterAll(async () => {
  await mongo?.close()
  await stack?.close()
})

/** Kills the nth process of a service with SIGKILL while it works on orders and its target has a request open. */
async function killAtWork(service: ConsumerName, n: number): Promise<void> {
  const before = await bitesOf(stack.info, TARGET[service])
  const atWork = async () => {
    const instance = instanceOf(stack.info, service, n)
    if ((await bitesOf(stack.info, TARGET[service])) === before) return undefined
    return (await metricOf(instance, 'hookline_lanes_in_flight')) > 0 ? instance : undefined
  }
  await waitFor(`${service} at work`, atWork, { limitMs: 90_000 })
  await noteTakenOver(service, n)
  const killedPid = stack.pid(service, n)
  kills.push({ service, atMs: Date.now() })
  expect(stack.kill(service, n, 'SIGKILL')).toBe(true)
  const replaced = async () => (stack.pid(service, n) === killedPid ? undefined : true)
  await waitFor(`a new process of ${service}`, replaced, { limitMs: 90_000 })
}

async function killMongod(): Promise<void> {
  const killedPid = stack.pid('mongodb')
  expect(stack.kill('mongodb', 0, 'SIGKILL')).toBe(true)
  const replaced = async () => (stack.pid('mongodb') === killedPid ? undefined : true)
  await waitFor('a new mongod', replaced, { limitMs: 90_000 })
}

async function noteTakenOver(service: ConsumerName, n: number): Promise<void> {
  const instance = instanceOf(stack.info, service, n)
  takenOver.set(instance.pid, await metricOf(instance, 'hookline_leases_taken_over_total'))
}

test('the kills met work: requests were repeated under their keys, and leases taken over', () => {
  expect(kills.length).toBeGreaterThanOrEqual(20)
  expect(orders.length).toBeGreaterThanOrEqual(300)
  for (const target of TARGETS) expect(repeats(ledgers[target]).length, target).toBeGreaterThan(0)
  expect([...takenOver.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0)
})

test('after kill -9 of consumers and of mongod nothing is lost, nothing is done twice, the newest comes last', () => {
  expect(wrongOutcomes(orders, ledgers)).toEqual([])
})

test('a mail is repeated under its Message-ID only, and each time because a consumer was killed in between', () => {
  const killedBetween = (first: LedgerEntry, second: LedgerEntry) =>
    kills.some(
      ({ service, atMs }) =>
        service === 'email' && Date.parse(first.arrived_at) <= atMs && atMs <= Date.parse(second.arrived_at),
    )
  const unexplained = repeats(ledgers.mail).flatMap(copies =>
    copies.slice(1).filter((copy, n) => !killedBetween(copies[n] ?? copy, copy)),
  )
  expect(unexplained).toEqual([])
  const ids = Map.groupBy(ledgers.mail, ({ order_id, effect, version }) => `${order_id} ${effect} ${version}`)
  expect([...ids.values()].filter(same => new Set(same.map(({ key }) => key)).size > 1)).toEqual([])
})

test('kills and an outage of MongoDB make nothing dead', async () => {
  expect(await deadEntries(mongo)).toEqual([])
})

test('kills and an outage of MongoDB put no secret, address or body into a log', async () => {
  expect(
    await leaks(
      stack,
      orders.flatMap(({ webhooks }) => webhooks),
    ),
  ).toEqual([])
})
