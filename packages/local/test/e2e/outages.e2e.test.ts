import { setTimeout as delay } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONSUMERS } from '../../src/demo/judged.ts'
import { type Stack, startStack } from '../../src/stack.ts'
import { waitFor } from '../../src/wait-for.ts'
import { bodiesInTopics } from './kafka.ts'
import { leaks } from './logs.ts'
import { sumOf } from './metrics.ts'
import { postUntilAccepted, type StreamedOrder, streamOrders } from './order-stream.ts'
import { repeats, wrongOutcomes } from './outcome.ts'
import { type Probe, probe } from './probe.ts'
import { busyOrders, deadEntries, settled, type StoredOrder } from './store.ts'
import { type Ledgers, ledgersOf, setFault, TARGETS } from './targets.ts'

const ERP_DOWN_MS = 120_000
const KAFKA_STOPPED_MS = 30_000
const KILLS = 3
/** So many orders at least are delivered meanwhile, however slow the machine is. */
const ORDERS = 100
/** More than the senders would hear while Kafka is stopped if each refusal took as long as the first. */
const QUICK_REFUSALS = 300
/** Of an order whose requests were the ones to try the ERP again, each time; the others have one or none. */
const FEW_TRIES = 8

let stack: Stack
let mongo: MongoClient
let probing: Probe
let ingressPid: number
/** As the ERP's outage was about to end. */
const during: { orders: readonly StreamedOrder[]; ledgers: Ledgers; waiting: readonly StoredOrder[] } = {
  orders: [],
  ledgers: { erp: [], wms: [], mail: [] },
  waiting: [],
}
let orders: readonly StreamedOrder[] = []
const kills = { mongodb: 0, kafka: 0 }
/** How often each outage bit. */
const bites: Record<string, number> = {}

beforeAll(async () => {
  const env = { LEASE_MS: '5000', KAFKA_SESSION_TIMEOUT_MS: '6000', REQUEST_TIMEOUT_MS: '10000' }
  stack = await startStack({ ephemeral: true, env, replicas: { 'erp-sync': 2, email: 2, wms: 2 } })
  mongo = await MongoClient.connect(stack.info.mongodb)
  probing = probe(() => stack.info)
  ingressPid = stack.pid('ingress')
  const joined = await counted('rebalances')

  await setFault(stack.info, 'erp', { mode: 'down' })
  const downAtMs = performance.now()
  let streaming = true
  const stream = streamOrders({ info: stack.info, perSecond: 15, goOn: begun => streaming || begun < ORDERS })
  try {
    await mailsMore(20)
    for (let n = 0; n < KILLS; n++) await killMongod()
    await probing.whilePosting(async () => {
      for (let n = 0; n < KILLS; n++) await killBroker()
      await stopBroker()
    })
    await delay(Math.max(0, ERP_DOWN_MS - (performance.now() - downAtMs))) // the length of the outage
  } finally {
    streaming = false
  }
  const streamed = await stream
  await settled({ info: stack.info, mongo, services: ['email', 'wms'] })
  const waiting = await busyOrders(mongo, 'erp-sync')
  Object.assign(during, { orders: streamed, ledgers: await ledgersOf(stack.info), waiting })

  await setFault(stack.info, 'erp', { mode: 'ok' })
  const more = await streamOrders({ info: stack.info, perSecond: 50, goOn: begun => begun < 30 })
  // the ingress was there all the time: it breaks no connection
  const again = probing.refused().map(({ webhook }) => postUntilAccepted(stack.info, webhook, { mayBreak: false }))
  await Promise.all(again)
  orders = [
    ...streamed,
    ...more,
    ...probing.deliveries.map(({ webhook }) => ({ orderId: webhook.orderId, webhooks: [webhook] })),
  ]
  await settled({ info: stack.info, mongo })

  bites['store failures'] = await counted('store_failures')
  bites['rebalances after the first'] = (await counted('rebalances')) - joined
  bites['webhooks refused'] = probing.refused().length
  bites['effects that met an outage'] = await ofErp('hookline_effects_total', 'outcome="outage"')
  bites['effects that may have been done'] = await ofErp('hookline_effects_total', 'outcome="unknown"')
  bites['breaker opened'] = await ofErp('hookline_breaker_changes_total', 'state="open"')
  bites['breaker closed'] = await ofErp('hookline_breaker_changes_total', 'state="closed"')
}, 400_000)
afterAll(async () => {
  await mongo?.close()
  await stack?.close()
})

async function counted(name: string): Promise<number> {
  const counts = CONSUMERS.map(service => sumOf(stack.info, service, { name: `hookline_${name}_total` }))
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}

const ofErp = (name: string, label: string) => sumOf(stack.info, 'erp-sync', { name, label })

/** Resolves when so many more mails were sent: the services are at work. */
async function mailsMore(count: number): Promise<void> {
  const sent = async () => (await ledgersOf(stack.info)).mail.length
  const before = await sent()
  const more = async () => ((await sent()) >= before + count ? true : undefined)
  await waitFor(`${count} more mails`, more, { limitMs: 90_000, everyMs: 200 })
}

/** A primary that is back before the driver gave up a single operation is killed again. */
async function killMongod(): Promise<void> {
  const before = await counted('store_failures')
  let killedPid = 0
  const bit = async () => {
    if ((await counted('store_failures')) > before) return true
    if (stack.pid('mongodb') === killedPid) return undefined
    killedPid = stack.pid('mongodb')
    expect(stack.kill('mongodb', 0, 'SIGKILL')).toBe(true)
    kills.mongodb += 1
    return undefined
  }
  await waitFor('an operation that MongoDB did not answer', bit, { limitMs: 90_000 })
  await mailsMore(5)
}

/** A broker that is back before anybody noticed is killed again. */
async function killBroker(): Promise<void> {
  const before = probing.refused().length
  let killedPid = 0
  const bit = async () => {
    if (probing.refused().length > before) return true
    if (stack.pid('kafka') === killedPid) return undefined
    killedPid = stack.pid('kafka')
    expect(stack.kill('kafka', 0, 'SIGKILL')).toBe(true)
    kills.kafka += 1
    return undefined
  }
  await waitFor('a refusal', bit, { limitMs: 90_000 })
  await probing.acceptedMore(10)
  await mailsMore(5)
}

async function stopBroker(): Promise<void> {
  const stoppedAtMs = performance.now()
  expect(stack.kill('kafka', 0, 'SIGSTOP')).toBe(true)
  try {
    await probing.refusedMore(QUICK_REFUSALS)
    await delay(Math.max(0, KAFKA_STOPPED_MS - (performance.now() - stoppedAtMs))) // the length of the outage
  } finally {
    stack.kill('kafka', 0, 'SIGCONT')
  }
  await probing.acceptedMore(25)
}

test('every outage bit', () => {
  console.log({ kills, bites })
  expect(Object.entries(bites).filter(([, count]) => count <= 0)).toEqual([])
})

test('while the broker is killed and stopped every webhook is answered within 5 s, with 200 or 503 and when to come back', () => {
  expect(probing.accepted().length).toBeGreaterThan(0)
  expect(probing.wrong()).toEqual([])
  expect(stack.pid('ingress')).toBe(ingressPid)
})

test('while the ERP is down for two minutes every mail is sent and every shipment made', () => {
  const { erp, wms, mail } = during.ledgers
  expect(erp.filter(({ executed }) => executed)).toEqual([])
  expect(during.orders.length).toBeGreaterThanOrEqual(ORDERS)
  expect([wms.length, mail.length].every(count => count > during.orders.length)).toBe(true)
  const ofTheErp = /: erp /
  expect(wrongOutcomes(during.orders, during.ledgers).filter(what => !ofTheErp.test(what))).toEqual([])
})

test('an outage of the ERP uses up few attempts: the breaker asks for all of them', () => {
  const tries = during.waiting.flatMap(({ lane }) => lane.map(entry => entry.tries))
  const used = tries.reduce((sum, count) => sum + count, 0)
  console.log({ waiting: during.waiting.length, entries: tries.length, used, most: Math.max(...tries) })
  expect(during.waiting.length).toBeGreaterThanOrEqual(ORDERS)
  expect(Math.max(...tries)).toBeLessThanOrEqual(FEW_TRIES)
  expect(used).toBeLessThan(during.waiting.length)
})

test('what was accepted around the outages is in the topics', async () => {
  const stored = await bodiesInTopics(stack.info)
  const lost = probing.accepted().filter(({ webhook }) => !stored.has(webhook.body))
  expect(lost).toEqual([])
})

test('after all outages nothing is lost, doubled, out of order or dead', async () => {
  const ledgers = await ledgersOf(stack.info)
  expect(wrongOutcomes(orders, ledgers)).toEqual([])
  expect(await deadEntries(mongo)).toEqual([])
  const known = new Set(orders.map(({ orderId }) => orderId))
  expect(TARGETS.flatMap(target => ledgers[target]).filter(({ order_id }) => !known.has(order_id))).toEqual([])
  // nobody was killed between a mail server's acceptance and our mark
  expect(repeats(ledgers.mail)).toEqual([])
})

test('outages put no secret, address or body into a log', async () => {
  expect(
    await leaks(
      stack,
      orders.flatMap(({ webhooks }) => webhooks),
    ),
  ).toEqual([])
})
