import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../../src/stack.ts'
import { waitFor } from '../../src/wait-for.ts'
import { instanceOf, metricOf, sumOf } from './metrics.ts'
import { repeats } from './outcome.ts'
import { deliver } from './sender.ts'
import { settled } from './store.ts'
import { bitesOf, type LedgerEntry, ledgersOf, setFault } from './targets.ts'
import { newOrderId, points, START_MS } from './webhooks.ts'

const SERVICE = 'erp-sync'
const INSTANCES = [0, 1]
const LEASE_MS = 3_000
/** Generous: what is waited for must not be kept in memory, and a heap breathes. */
const GROWTH_BYTES = 64 * 1_024 * 1_024

let stack: Stack
let mongo: MongoClient
/** What the stack says of its processes. */
const told: string[] = []

beforeAll(async () => {
  stack = await startStack({
    ephemeral: true,
    consumers: [SERVICE],
    replicas: { [SERVICE]: INSTANCES.length },
    env: { LEASE_MS: `${LEASE_MS}`, REQUEST_TIMEOUT_MS: '20000' },
    onProgress: line => told.push(line),
  })
  mongo = await MongoClient.connect(stack.info.mongodb)
})
afterAll(async () => {
  await mongo?.close()
  await stack?.close()
})

const settle = () => settled({ info: stack.info, mongo, services: [SERVICE] })
const counted = (name: string) => sumOf(stack.info, SERVICE, { name: `hookline_${name}_total` })
const oldestSeconds = () =>
  Promise.all(INSTANCES.map(n => metricOf(instanceOf(stack.info, SERVICE, n), 'hookline_oldest_lane_seconds')))
const residentBytes = () =>
  Promise.all(INSTANCES.map(n => metricOf(instanceOf(stack.info, SERVICE, n), 'process_resident_memory_bytes')))

/** The ERP's ledger of these orders. */
async function requestsFor(orders: readonly string[]): Promise<readonly LedgerEntry[]> {
  const { erp } = await ledgersOf(stack.info)
  return erp.filter(({ order_id }) => orders.includes(order_id))
}

/** Delivers one event of each of so many new orders, and resolves when the ERP has all their requests and answers none. */
async function openSlowRequests(count: number, delayMs: number): Promise<readonly string[]> {
  const before = await bitesOf(stack.info, 'erp')
  await setFault(stack.info, 'erp', { mode: 'slow', delay_ms: delayMs, count })
  const orders = Array.from({ length: count }, newOrderId)
  await Promise.all(
    orders.map(orderId => deliver(stack.info, points({ orderId, event: 'authorized', atMs: START_MS }))),
  )
  const open = async () => ((await bitesOf(stack.info, 'erp')) === before + count ? true : undefined)
  await waitFor('all slow requests', open, { limitMs: 60_000 })
  return orders
}

/** Asks a process at work to end; resolves with how it ended once the next one is ready. */
async function endOneAtWork(): Promise<string> {
  const lanes = await Promise.all(
    INSTANCES.map(n => metricOf(instanceOf(stack.info, SERVICE, n), 'hookline_lanes_in_flight')),
  )
  const n = lanes.findIndex(count => count > 0)
  const name = n === 0 ? SERVICE : `${SERVICE}-${n + 1}`
  const pid = stack.pid(SERVICE, n)
  const before = told.length
  expect(stack.kill(SERVICE, n, 'SIGTERM')).toBe(true)
  const replaced = async () => (stack.pid(SERVICE, n) === pid ? undefined : true)
  await waitFor(`a new ${name}`, replaced, { limitMs: 90_000 })
  return told.slice(before).find(line => line.startsWith(`${name} ended`)) ?? 'nobody said how it ended'
}

test('a request that takes three leases is one request, while other orders go on, nothing is kept and nobody rebalances', async () => {
  const rebalances = await counted('rebalances')
  const slow = await openSlowRequests(8, 10_000)
  const others = Array.from({ length: 40 }, newOrderId)
  const twoEvents = (orderId: string) =>
    ['authorized', 'approved'].map((event, n) => points({ orderId, event, atMs: START_MS + n * 1_000 }))
  await Promise.all(others.map(orderId => deliver(stack.info, ...twoEvents(orderId))))
  const othersDone = async () => ((await requestsFor(others)).length === 3 * others.length ? true : undefined)
  await waitFor('the other orders', othersDone, { limitMs: 60_000, everyMs: 200 })
  expect(await requestsFor(slow)).toEqual([]) // all of them are still waited for

  const before = await residentBytes()
  const [hot = ''] = slow
  const refunds = Array.from({ length: 100 }, (_, n) =>
    points({ orderId: hot, event: 'refunded', atMs: START_MS + (n + 1) * 1_000 }),
  )
  await deliver(stack.info, ...refunds)
  const hangs = async () => (Math.max(...(await oldestSeconds())) > (2 * LEASE_MS) / 1_000 ? true : undefined)
  await waitFor('a lane that is seen to be old', hangs, { limitMs: 60_000 })
  await settle()
  const after = await residentBytes()

  const ledger = await requestsFor([...slow, ...others])
  expect(repeats(ledger)).toEqual([])
  expect(ledger.filter(({ executed }) => !executed)).toEqual([])
  expect((await requestsFor([hot])).map(({ version }) => version)).toHaveLength(1 + 2 * refunds.length)
  expect(await Promise.all([counted('leases_lost'), counted('leases_taken_over')])).toEqual([0, 0])
  expect(await counted('rebalances')).toBe(rebalances)
  expect(Math.max(...after.map((bytes, n) => bytes - (before[n] ?? 0)))).toBeLessThan(GROWTH_BYTES)
  expect(await oldestSeconds()).toEqual(INSTANCES.map(() => 0))
})

test('SIGTERM waits for a slow request that is answered in time: exit 0, and nothing is asked twice', async () => {
  const slow = await openSlowRequests(8, 4_000)
  expect(await endOneAtWork()).toContain('exit 0')
  await settle()
  const ledger = await requestsFor(slow)
  expect(ledger.map(({ executed }) => executed)).toEqual(slow.map(() => true))
  expect(await counted('leases_taken_over')).toBe(0)
})

test('SIGTERM gives up a slow request that is not: exit 0, and it is asked again under its key and done once', async () => {
  const slow = await openSlowRequests(8, 10_000)
  expect(await endOneAtWork()).toContain('exit 0')
  await settle()
  const ledger = await requestsFor(slow)
  const again = repeats(ledger)
  expect(again.length).toBeGreaterThan(0)
  const byOrder = [...Map.groupBy(ledger, ({ order_id }) => order_id).values()]
  expect(byOrder.map(requests => new Set(requests.map(({ key }) => key)).size)).toEqual(slow.map(() => 1))
  expect(byOrder.map(requests => requests.filter(({ executed }) => executed).length)).toEqual(slow.map(() => 1))
})
