import { type Consumer, type HandledEvent, Permanent } from '@hookline/consumer'
import { route } from '@hookline/consumer/loop'
import { describe, expect, test } from 'vitest'
import { wms } from '../src/wms.ts'
import { deliver, hc, points, recordingTarget, shuffled, testConsumer } from '@hookline/testkit'
import type { RecordedRequest, RecordingTarget } from '@hookline/testkit'

/** The service, with a target that only records. */
function recording(): { consumer: Consumer; target: RecordingTarget; requests: readonly RecordedRequest[] } {
  const target = recordingTarget('wms')
  return { consumer: wms.with({ wms: target }), target, requests: target.requests }
}

async function requestOf(event: HandledEvent): Promise<{ path: string; body: unknown }> {
  const { consumer, requests } = recording()
  await deliver(consumer, event)
  const [request, more] = requests
  if (!request || more) throw new Error(`${requests.length} requests`)
  return { path: request.path, body: request.json }
}

const effectsOf = (event: HandledEvent) => route(recording().consumer, event).effects

describe('which effects an event has', () => {
  const release = { name: 'fulfilment', floor: 'fulfilment' }
  const hold = { ...release, terminal: true }

  test.each([
    ['authorized', {}, []],
    ['captured', {}, [release]],
    ['approved', {}, [release]],
    ['completed', {}, [release]],
    ['cancelled', {}, [hold]],
    ['auto_refunded', {}, [hold]],
    ['refunded', { order_status: 'fully_refunded' }, [hold]],
    ['refunded', { order_status: 'partially_refunded' }, []],
    ['refunded', {}, []],
    ['shipping_status_updated', {}, [{ name: 'shipping', floor: 'shipping/default' }]],
    ['some_new_event', {}, []],
  ])('points %s %o', (event, order, effects) => {
    expect(effectsOf(points(event, order))).toEqual(effects)
  })

  test.each([
    ['order.created', []],
    ['order.confirmed', [release]],
    ['order.paid', [release]],
    ['order.completed', []],
    ['order.cancelled', [hold]],
    ['payment.completed', []],
    ['payment.failed', []],
    ['payment.refunded', []],
    ['fulfillment.created', [{ name: 'shipping', floor: 'shipping/x-1' }]],
    ['fulfillment.shipped', [{ name: 'shipping', floor: 'shipping/x-1' }]],
    ['fulfillment.delivered', [{ name: 'shipping', floor: 'shipping/x-1' }]],
    ['fulfillment.some_new_event', [{ name: 'shipping', floor: 'shipping/x-1' }]],
    ['return.requested', [{ name: 'return', floor: 'return/x-1' }]],
    ['return.completed', [{ name: 'return', floor: 'return/x-1' }]],
    ['inventory.low', []],
  ])('hc %s', (event, effects) => {
    expect(effectsOf(hc(event, { id: 'x-1', order_id: 'o-1' }))).toEqual(effects)
  })
})

describe('fulfilment', () => {
  test.each([
    ['approved', {}, 'release'],
    ['captured', {}, 'release'],
    ['completed', {}, 'release'],
    ['cancelled', {}, 'hold'],
    ['auto_refunded', {}, 'hold'],
    ['refunded', { order_status: 'fully_refunded' }, 'hold'],
  ])('points %s %o: %s', async (event, order, action) => {
    const { path, body } = await requestOf(points(event, order))
    expect(path).toBe('/orders/p-1/fulfilment')
    expect(body).toMatchObject({ action })
  })

  test.each([
    ['order.confirmed', 'release'],
    ['order.paid', 'release'],
    ['order.cancelled', 'hold'],
  ])('hc %s: %s', async (event, action) => {
    const { path, body } = await requestOf(hc(event, { id: 'o-1' }))
    expect(path).toBe('/orders/o-1/fulfilment')
    expect(body).toMatchObject({ action })
  })

  test('says of which event and state of the order it is', async () => {
    const event = points('cancelled', { order_status: 'cancelled', reference_number: 'REF-1', reason: 'no stock' })
    expect((await requestOf(event)).body).toEqual({
      source: 'points',
      order_id: 'p-1',
      event: 'cancelled',
      action: 'hold',
      status: 'cancelled',
      order_number: 'N-1',
      reference_number: 'REF-1',
      reason: 'no stock',
      last_webhook_at: '2026-03-01T10:00:00.000Z',
      version: event.version,
    })
  })
})

describe('shipping', () => {
  test("of Points is the order's one shipment, with its own status beside the order's", async () => {
    const status_label = { ar: 'تم التوصيل', en: 'Delivered' }
    const event = points('shipping_status_updated', { status: 'delivered', status_label, order_status: 'approved' })
    expect(await requestOf(event)).toEqual({
      path: '/orders/p-1/shipments/default',
      body: {
        source: 'points',
        order_id: 'p-1',
        event: 'shipping_status_updated',
        part: 'default',
        status: 'delivered',
        status_label,
        order_status: 'approved',
        order_number: 'N-1',
        last_webhook_at: '2026-03-01T10:00:00.000Z',
        version: event.version,
      },
    })
  })

  test('of HC is a shipment of each fulfilment', async () => {
    const data = { order_id: 'o-1', status: 'shipped', tracking_number: 'T 1' }
    const first = await requestOf(hc('fulfillment.shipped', { id: 'ful_1', ...data }))
    const second = await requestOf(hc('fulfillment.shipped', { id: 'ful_2', ...data }))
    expect(first.path).toBe('/orders/o-1/shipments/ful_1')
    expect(second.path).toBe('/orders/o-1/shipments/ful_2')
    expect(first.body).toMatchObject({ part: 'ful_1', status: 'shipped', tracking_number: 'T 1' })
  })
})

test('a return has a path of its own, under its order', async () => {
  const data = { id: 'ret_1', order_id: 'o-1', status: 'requested', reason: 'too small' }
  const { path, body } = await requestOf(hc('return.requested', data))
  expect(path).toBe('/orders/o-1/returns/ret_1')
  expect(body).toMatchObject({ part: 'ret_1', status: 'requested', reason: 'too small' })
})

describe("a part's id", () => {
  const shipped = (id: unknown): HandledEvent => hc('fulfillment.shipped', { id, order_id: 'o-1' })

  test.each([
    ['a/../b', '/orders/o-1/shipments/a%2F..%2Fb'],
    ['ship ment?x=1#y', '/orders/o-1/shipments/ship%20ment%3Fx%3D1%23y'],
    ['شحنة', `/orders/o-1/shipments/${encodeURIComponent('شحنة')}`],
    ['__proto__', '/orders/o-1/shipments/__proto__'],
    [5, '/orders/o-1/shipments/5'],
  ])('%j stays inside its segment of the path', async (id, path) => {
    expect((await requestOf(shipped(id))).path).toBe(path)
  })

  test.each([[undefined], [null], [''], [{}]])('%j: the shipment is the default one', async id => {
    expect((await requestOf(shipped(id))).path).toBe('/orders/o-1/shipments/default')
  })

  test.each([['.'], ['..'], ['\ud800'], ['x'.repeat(129)]])('that no path can hold is dead (%j)', async id => {
    const { consumer, requests } = recording()
    expect(() => route(consumer, shipped(id))).not.toThrow()
    await expect(deliver(consumer, shipped(id))).rejects.toThrow(Permanent)
    expect(requests).toEqual([])
  })
})

test('odd data in any other field stops no effect', async () => {
  const { consumer, requests } = recording()
  for (const odd of [null, 5, true, 'text', [], {}]) {
    await deliver(consumer, points('cancelled', { order_status: odd, reason: odd, metadata: odd, order_number: odd }))
    await deliver(consumer, points('shipping_status_updated', { status: odd, status_label: odd }))
    await deliver(consumer, hc('order.paid', { id: 'o-1', status: odd, lines: odd, number: odd }))
    await deliver(consumer, hc('return.completed', { id: 'r-1', order_id: 'o-1', status: odd, lines: odd }))
  }
  expect(requests).toHaveLength(24)
})

test('the bytes of a retry are those of the first request', async () => {
  const { consumer, requests } = recording()
  const event = hc('fulfillment.shipped', { id: 'ful_1', order_id: 'o-1', lines: [{ b: 1, a: 2 }] })
  await deliver(consumer, event, { attempt: 1 })
  await deliver(consumer, event, {
    attempt: 7,
    order: { last_webhook_at: '2030-01-01T00:00:00.000Z', known: false, prerequisite_never_arrived: false },
  })
  expect(requests[1]).toEqual({ ...requests[0], attempt: 7 })
})

test.each([1, 2, 3, 4, 5, 6])('goods of a cancelled order stay, in whatever order its events come (%i)', async seed => {
  const { consumer, target, requests } = recording()
  const events = ['approved', 'captured', 'cancelled'].map((event, minute) =>
    points(event, {}, `2026-03-01T10:0${minute}:00Z`),
  )
  const tested = testConsumer(consumer, { instances: 2 })
  for (const event of shuffled([...events, ...events], seed)) await tested.deliver(event)
  expect(requests.at(-1)?.json, tested.story()).toMatchObject({ action: 'hold' })
  expect(target.repeated(), tested.story()).toEqual([])
})
