import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONSUMERS } from '../../src/demo/judged.ts'
import { type Stack, startStack } from '../../src/stack.ts'
import { waitFor } from '../../src/wait-for.ts'
import { setBackToStart } from './kafka.ts'
import { emptyLogs, leaks } from './logs.ts'
import { instanceOf, metricOf } from './metrics.ts'
import { hookline, toldOf } from './operator.ts'
import { deliver, post } from './sender.ts'
import { whileStopped } from './stopped.ts'
import { deadOrders, settled } from './store.ts'
import { effectsIn, ledgersOf, messagesAbout, orderAt, TARGETS } from './targets.ts'
import { hc, MAIL_DOMAIN, newOrderId, points, START_MS, type Webhook } from './webhooks.ts'

const SECOND_MS = 1_000

let stack: Stack
let mongo: MongoClient
/** Every webhook that was accepted, in order. */
const history: Webhook[] = []

beforeAll(async () => {
  // what a person turns on to look closely must not show more
  stack = await startStack({ ephemeral: true, env: { LOG_LEVEL: 'debug' } })
  mongo = await MongoClient.connect(stack.info.mongodb)
})
afterAll(async () => {
  await mongo?.close()
  await stack?.close()
})

async function send(...webhooks: readonly Webhook[]): Promise<void> {
  await deliver(stack.info, ...webhooks)
  history.push(...webhooks)
}

const settle = () => settled({ info: stack.info, mongo })

/** What each target was asked for an order, each request once, whatever became of it. */
async function requested(orderId: string) {
  const { erp, wms, mail } = await ledgersOf(stack.info, orderId)
  return { erp: effectsIn(erp), wms: effectsIn(wms), mail: effectsIn(mail) }
}

/** When the last of the requests for this order was decided on, once all three targets have one. */
function inAllLedgers(orderId: string): Promise<number> {
  const ask = async () => {
    const ledgers = await ledgersOf(stack.info, orderId)
    if (TARGETS.some(target => ledgers[target].length === 0)) return undefined
    return Math.max(...TARGETS.flatMap(target => ledgers[target].map(({ at }) => Date.parse(at))))
  }
  return waitFor(`order ${orderId} in all three ledgers`, ask, { limitMs: 60_000, everyMs: 20 })
}

test('a webhook of each source is in all three ledgers, each effect of it once', async () => {
  const [p, h] = [newOrderId(), newOrderId()]
  await send(points({ orderId: p, event: 'approved', atMs: START_MS }))
  await send(hc({ orderId: h, event: 'order.created', atMs: START_MS }))
  await send(hc({ orderId: h, event: 'order.confirmed', atMs: START_MS + SECOND_MS }))
  await settle()
  expect(await requested(p)).toEqual({
    erp: ['order approved', 'entry approved'],
    wms: ['fulfilment approved'],
    mail: ['status approved'],
  })
  expect(await requested(h)).toEqual({
    erp: ['order order.created', 'order order.confirmed'],
    wms: ['fulfilment order.confirmed'],
    mail: ['status order.confirmed'],
  })
})

test('a webhook is in all three ledgers within two seconds', async () => {
  // on a machine that does other things one may be late; all of them cannot be
  const tookMs: number[] = []
  for (let n = 0; n < 5 && !tookMs.some(ms => ms < 2_000); n++) {
    const orderId = newOrderId()
    const sentAtMs = Date.now()
    await send(points({ orderId, event: 'approved', atMs: START_MS }))
    tookMs.push((await inAllLedgers(orderId)) - sentAtMs)
  }
  expect(Math.min(...tookMs)).toBeLessThan(2_000)
})

test('what has a wrong secret or signature is refused and has no effect', async () => {
  const [p, h] = [newOrderId(), newOrderId()]
  const credential = 'f'.repeat(64)
  const webhooks = [
    points({ orderId: p, event: 'approved', atMs: START_MS }),
    hc({ orderId: h, event: 'order.created', atMs: START_MS }),
  ]
  for (const webhook of webhooks) expect((await post(stack.info, webhook, { credential })).status).toBe(401)
  await settle()
  const nothing = { erp: [], wms: [], mail: [] }
  expect([await requested(p), await requested(h)]).toEqual([nothing, nothing])
})

test('a webhook that came with a secret before we had it is released once we have it, and has each effect once', async () => {
  const orderId = newOrderId()
  const secret = 'pts-of-tomorrow-64c1f0d29be7'
  const webhook = points({ orderId, event: 'approved', atMs: START_MS })
  expect((await post(stack.info, webhook, { credential: secret })).status).toBe(401)
  const release = async () => {
    const env = { POINTS_WEBHOOK_SECRET: secret }
    const stdout = await hookline(stack.info, ['quarantine', 'release', '--yes', '--json'], env)
    const { requests }: { requests: readonly { request_id: string; released: boolean }[] } = JSON.parse(stdout)
    return requests
  }
  // the 401 does not wait for its copy
  const released = await waitFor('the copy', async () => (await release())[0], { limitMs: 60_000 })
  expect(released.released).toBe(true)
  expect(await hookline(stack.info, ['quarantine', 'show', released.request_id, '--body'])).toBe(webhook.body)
  expect(await release()).toEqual([])
  history.push(webhook)
  await settle()
  expect(await requested(orderId)).toEqual({
    erp: ['order approved', 'entry approved'],
    wms: ['fulfilment approved'],
    mail: ['status approved'],
  })
})

test('the same body fifty times at once is one request for each effect', async () => {
  const [p, h] = [newOrderId(), newOrderId()]
  const bodies = [
    points({ orderId: p, event: 'approved', atMs: START_MS }),
    hc({ orderId: h, event: 'order.created', atMs: START_MS }),
    hc({ orderId: h, event: 'order.confirmed', atMs: START_MS + SECOND_MS }),
  ]
  for (const body of bodies) await Promise.all(Array.from({ length: 50 }, () => send(body)))
  await settle()
  expect(await requested(p)).toEqual({
    erp: ['order approved', 'entry approved'],
    wms: ['fulfilment approved'],
    mail: ['status approved'],
  })
  expect(await requested(h)).toEqual({
    erp: ['order order.created', 'order order.confirmed'],
    wms: ['fulfilment order.confirmed'],
    mail: ['status order.confirmed'],
  })
})

test('an approval that comes after its cancellation and is older is neither released nor confirmed', async () => {
  const orderId = newOrderId()
  await send(points({ orderId, event: 'cancelled', atMs: START_MS + SECOND_MS }))
  await settle()
  await send(points({ orderId, event: 'approved', atMs: START_MS }))
  await settle()
  expect(await requested(orderId)).toEqual({
    erp: ['order cancelled', 'entry approved'],
    wms: ['fulfilment cancelled'],
    mail: ['status cancelled'],
  })
  expect((await orderAt(stack.info, 'erp', orderId)).status).toBe('cancelled')
})

test('an approval that is newer than its cancellation is neither released nor confirmed: it waits for a person', async () => {
  const orderId = newOrderId()
  await send(points({ orderId, event: 'cancelled', atMs: START_MS }))
  await settle()
  await send(points({ orderId, event: 'approved', atMs: START_MS + SECOND_MS }))
  await settle()
  const { wms, mail } = await requested(orderId)
  expect({ wms, mail }).toEqual({ wms: ['fulfilment cancelled'], mail: ['status cancelled'] })
  for (const service of ['wms', 'email'] as const) {
    const order = (await deadOrders(mongo, service)).find(one => one.order_id === orderId)
    expect(order?.dead, service).toMatchObject([{ event: 'approved', reason: 'after_terminal' }])
  }
})

test('a shipping update that is newer than a cancellation does not keep the goods from being held', async () => {
  const orderId = newOrderId()
  await send(points({ orderId, event: 'approved', atMs: START_MS }))
  await send(points({ orderId, event: 'shipping_status_updated', atMs: START_MS + 5_000, says: { status: 'new' } }))
  await settle()
  await send(points({ orderId, event: 'cancelled', atMs: START_MS + 3_000 }))
  await settle()
  const { wms } = await requested(orderId)
  expect(wms).toEqual(['fulfilment approved', 'shipping shipping_status_updated', 'fulfilment cancelled'])
  expect((await orderAt(stack.info, 'wms', orderId)).fulfilment).toBe('hold')
})

test('two partial refunds with an equal order and different times are two entries and two notices', async () => {
  const orderId = newOrderId()
  await send(points({ orderId, event: 'refunded', atMs: START_MS + SECOND_MS }))
  await send(points({ orderId, event: 'refunded', atMs: START_MS + 2 * SECOND_MS }))
  await settle()
  const { erp, mail } = await requested(orderId)
  expect(erp.filter(effect => effect.startsWith('entry'))).toEqual(['entry refunded', 'entry refunded'])
  expect(mail).toEqual(['refund refunded', 'refund refunded'])
  expect((await orderAt(stack.info, 'erp', orderId)).entries.refunded).toBe(2)
})

test('what comes before its order is parked, with the reason, and runs when the order is there, after it', async () => {
  const orderId = newOrderId()
  await send(hc({ orderId, event: 'fulfillment.shipped', atMs: START_MS + 2 * SECOND_MS }))
  await send(hc({ orderId, event: 'payment.completed', atMs: START_MS + SECOND_MS }))
  await settle()
  expect(await requested(orderId)).toEqual({ erp: [], wms: [], mail: [] })
  const parked = (...events: readonly string[]) =>
    events.map(event => ({
      event,
      state: 'parked',
      reason: 'waits for order.created',
      next_at: expect.any(String),
    }))
  expect(await toldOf(stack.info, orderId)).toMatchObject({
    'erp-sync': parked('payment.completed'),
    email: parked('payment.completed', 'fulfillment.shipped'),
    wms: parked('fulfillment.shipped'),
  })
  const createdAtMs = Date.now()
  await send(hc({ orderId, event: 'order.created', atMs: START_MS }))
  await settle()
  expect(await requested(orderId)).toEqual({
    erp: ['order order.created', 'order payment.completed', 'entry payment.completed'],
    wms: ['shipping fulfillment.shipped'],
    mail: ['shipping fulfillment.shipped'],
  })
  const told = Object.values(await toldOf(stack.info, orderId)).flat()
  expect(told.filter(({ state }) => state !== 'done')).toEqual([])
  const { wms } = await ledgersOf(stack.info, orderId)
  expect(wms.every(({ arrived_at }) => Date.parse(arrived_at) >= createdAtMs)).toBe(true)
})

test('a refund that names nobody is told to the customer whom the newest event of the order named', async () => {
  const orderId = newOrderId()
  const nobody = { email: null }
  await send(
    hc({
      orderId,
      event: 'order.paid',
      atMs: START_MS + 2 * SECOND_MS,
      says: { email: `new-${orderId}@${MAIL_DOMAIN}` },
    }),
    hc({ orderId, event: 'order.created', atMs: START_MS }),
    hc({
      orderId,
      event: 'payment.failed',
      atMs: START_MS + SECOND_MS,
      says: { email: `old-${orderId}@${MAIL_DOMAIN}` },
    }),
  )
  await settle()
  await send(hc({ orderId, event: 'payment.refunded', atMs: START_MS + 3 * SECOND_MS, says: nobody }))
  await settle()
  expect((await messagesAbout(stack.info, orderId)).map(({ to }) => to)).toEqual([`new-${orderId}@${MAIL_DOMAIN}`])
})

test('an order is confirmed by one mail, whichever of its events come', async () => {
  const orderId = newOrderId()
  await send(points({ orderId, event: 'captured', atMs: START_MS }))
  await settle()
  await send(points({ orderId, event: 'approved', atMs: START_MS + SECOND_MS }))
  await settle()
  expect((await requested(orderId)).mail).toEqual(['status captured'])
  const { email } = await toldOf(stack.info, orderId)
  expect(email?.map(({ event, state, reason }) => [event, state, reason])).toEqual([
    ['captured', 'done', null],
    ['approved', 'done', 'already_confirmed'],
  ])
})

test('two fulfilments of one order both arrive, also when the older event comes second', async () => {
  const orderId = newOrderId()
  const shipped = (part: string, atMs: number) =>
    hc({
      orderId,
      event: 'fulfillment.shipped',
      atMs,
      says: { id: part, order_id: orderId, status: `shipped ${part}` },
    })
  await send(hc({ orderId, event: 'order.created', atMs: START_MS }), shipped('one', START_MS + 9_000))
  await settle()
  await send(shipped('two', START_MS + 5_000))
  await settle()
  const { shipments } = await orderAt(stack.info, 'wms', orderId)
  expect(shipments).toMatchObject({ one: { status: 'shipped one' }, two: { status: 'shipped two' } })
  expect((await requested(orderId)).mail).toEqual(['shipping fulfillment.shipped', 'shipping fulfillment.shipped'])
})

test('a replay of every old delivery is accepted and has no effect', async () => {
  const before = await ledgersOf(stack.info)
  await send(...history.toReversed())
  await settle()
  expect(await ledgersOf(stack.info)).toEqual(before)
})

test('offsets that are set back to the start have no new effect', async () => {
  const before = await ledgersOf(stack.info)
  await Promise.all(CONSUMERS.map(service => whileStopped(stack, service, () => setBackToStart(stack.info, service))))
  await settle()
  for (const service of CONSUMERS) {
    const counted = (name: string) => metricOf(instanceOf(stack.info, service), `hookline_${name}_total`)
    const [known, skipped] = await Promise.all([counted('duplicates_dropped'), counted('events_skipped')])
    expect(known, service).toBeGreaterThan(0)
    expect(known + skipped, service).toBe(history.length)
  }
  expect(await ledgersOf(stack.info)).toEqual(before)
})

test('no log and no metric of any process shows a secret, a signature, an address or a part of a body', async () => {
  expect(await emptyLogs(stack)).toEqual([])
  expect(await leaks(stack, history)).toEqual([])
})
