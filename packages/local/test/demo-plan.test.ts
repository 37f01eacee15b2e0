import { describe, expect, test } from 'vitest'
import { type Plan, planOf, type PlannedEvent } from '../src/demo/plan.ts'

const SEEDS = Array.from({ length: 25 }, (_, n) => n * 7_919)
const NOW_MS = Date.UTC(2030, 5, 1, 12)
const plans = SEEDS.map(seed => planOf({ seed, orders: 120, nowMs: NOW_MS }))

function eventsByOrder(plan: Plan): PlannedEvent[][] {
  return [...Map.groupBy(plan.events, ({ order }) => order).values()]
}

/** In the order in which they are sent for the first time. */
function firstsByOrder(plan: Plan): PlannedEvent[][] {
  const genuine = plan.deliveries.map(({ event }) => event).filter(event => event.genuine)
  return [...Map.groupBy(new Set(genuine), ({ order }) => order).values()]
}

function isReleasedAfterItsEnd(events: readonly PlannedEvent[]): boolean {
  const end = events.findIndex(({ step }) => ['cancelled', 'order.cancelled', 'auto_refunded'].includes(step.event))
  return end !== -1 && events.slice(end).some(({ step }) => /approved|captured|confirmed|paid/.test(step.event))
}

describe('a plan, whatever the seed', () => {
  test('tells every event at its own time and name, so that a ledger entry belongs to one event', () => {
    for (const plan of plans) {
      const events = new Set(plan.deliveries.map(({ event }) => event))
      const labels = [...events].map(({ order, step, atMs }) => `${order.id} ${step.event} ${atMs}`)
      expect(new Set(labels).size).toBe(labels.length)
    }
  })

  test('sends every event, and a fifth of them more than once', () => {
    for (const plan of plans) {
      const counts = new Map<PlannedEvent, number>()
      for (const { event, copies } of plan.deliveries) counts.set(event, (counts.get(event) ?? 0) + copies)
      const often = plan.events.map(event => counts.get(event) ?? 0)
      expect(Math.min(...often)).toBe(1)
      expect(often.filter(n => n > 1).length).toBe(Math.round(plan.events.length / 5))
    }
  })

  test('sends a third of the orders out of order', () => {
    for (const plan of plans) {
      const outOfOrder = firstsByOrder(plan).filter(events => events.some(({ age }, n) => age !== n))
      expect(outOfOrder.length).toBe(plan.orders.length / 3)
    }
  })

  test('lets the life of an order go on in time, also within one second, and end before now', () => {
    for (const plan of plans) {
      const times = eventsByOrder(plan).map(events => events.map(({ atMs }) => atMs))
      for (const list of times) expect(list).toEqual(list.toSorted((a, b) => a - b))
      expect(times.some(list => list.some((atMs, n) => atMs === list[n + 1]))).toBe(true)
      expect(Math.max(...times.flat())).toBeLessThan(NOW_MS)
    }
  })

  test('has HC events that come before the event that makes their order known', () => {
    for (const plan of plans) {
      const firsts = firstsByOrder(plan).flatMap(events => events.slice(0, 1))
      expect(firsts.some(({ order, step }) => order.source === 'hc' && step.event !== 'order.created')).toBe(true)
    }
  })

  test('approves an order after its cancellation in the named case only, and sends that in order', () => {
    for (const plan of plans) {
      const late = eventsByOrder(plan).filter(isReleasedAfterItsEnd)
      expect(late.map(events => events[0]?.order.lifeCycle.name)).toEqual(['approved after its cancellation'])
      const sent = firstsByOrder(plan).find(([first]) => first?.order === late[0]?.[0]?.order)
      expect(sent?.map(({ age }) => age)).toEqual([0, 1, 2])
    }
  })

  test('forges events of real orders that nobody ever sends with the right secret', () => {
    for (const plan of plans) {
      const forged = plan.deliveries.filter(({ event }) => !event.genuine)
      expect(forged.length).toBe(8)
      for (const { event } of forged) expect(plan.orders).toContain(event.order)
    }
  })
})

test('the same seed plans the same, another seed something else', () => {
  const [a, b, c] = [5, 5, 6].map(seed => JSON.stringify(planOf({ seed, orders: 30, nowMs: NOW_MS })))
  expect(a).toBe(b)
  expect(a).not.toBe(c)
})

test('a body is what its event says, in the words of its sender', () => {
  const plan = plans[0]
  for (const { order, step, atMs, body, part } of plan?.events ?? []) {
    const sent = JSON.parse(body)
    expect(Date.parse(order.source === 'points' ? sent.timestamp : sent.created_at)).toBe(atMs)
    expect(order.source === 'points' ? sent.event : sent.type).toBe(step.event)
    expect(
      order.source === 'points' ? sent.order.id : (sent.data.order_id ?? sent.data.order?.id ?? sent.data.id),
    ).toBe(order.id)
    expect(order.source === 'hc' && part !== '' ? sent.data.id : part).toBe(part)
  }
})
