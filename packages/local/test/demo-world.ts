import { type Expectation, expectationsOf, type Target } from '../src/demo/expectations.ts'
import type { Observed } from '../src/demo/judge.ts'
import type { LedgerEntry, TargetOrder } from '../src/demo/ledgers.ts'
import type { Plan, PlannedEvent } from '../src/demo/plan.ts'
import type { SentRequest } from '../src/demo/sender.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
export type World = Omit<Observed, 'sent' | 'ledgers' | 'orders'> & {
  readonly sent: Mutable<SentRequest>[]
  readonly ledgers: Record<Target, Mutable<LedgerEntry>[]>
  readonly orders: Record<'erp' | 'wms', Map<string, TargetOrder>>
}

const STEP_MS = 10
const START_MS = Date.UTC(2030, 0, 1)

/** What the sender and the targets would have seen of a plan, had everything gone as it must. */
export function idealWorld(plan: Plan): World {
  const world: World = { plan, sent: [], kills: [], ledgers: { erp: [], wms: [], mail: [] }, orders: noOrders() }
  const done = new Set<string>()
  const newest = new Map<string, { event: PlannedEvent; terminal: boolean }>()
  const parked = new Map<string, PlannedEvent[]>()
  let now = START_MS

  function handle(event: PlannedEvent): void {
    const { order, step } = event
    const known = order.source === 'points' || step.event === 'order.created' || done.has(`${order.id} order.created`)
    if (!known) {
      parked.set(order.id, [...(parked.get(order.id) ?? []), event])
      return
    }
    done.add(`${order.id} ${step.event}`)
    for (const expectation of expectationsOf(event)) effect(event, expectation)
    const waiting = parked.get(order.id) ?? []
    parked.delete(order.id)
    for (const one of waiting.toSorted((a, b) => a.age - b.age)) handle(one)
  }

  function effect(event: PlannedEvent, expectation: Expectation): void {
    const { target, effect: name, policy, terminal = false, silent } = expectation
    const thread = `${event.order.id} ${target} ${name} ${['shipping', 'return'].includes(name) ? event.part : ''}`
    if (policy === 'latest') {
      const last = newest.get(thread)
      if (last && (last.event.age > event.age || (last.terminal && !terminal))) return
      newest.set(thread, { event, terminal })
    }
    if (silent) return
    const key = `${thread} ${expectation.fact ?? event.age}`
    const executed = !done.has(key)
    done.add(key)
    if (!executed && target === 'mail') return // a mail server drops nothing: it is not sent
    world.ledgers[target].push(entryOf(world, event, expectation, { key, executed, atMs: (now += STEP_MS) }))
    if (target !== 'mail') apply(world.orders[target], event, expectation)
  }

  const accepted = new Set<PlannedEvent>()
  for (const { event, copies } of plan.deliveries) {
    for (let n = 0; n < copies; n++) {
      const sentAt = (now += STEP_MS)
      const status = event.genuine ? 200 : 401
      world.sent.push({ event, sentAt, answeredAt: (now += STEP_MS), status, attempt: 1 })
    }
    if (event.genuine && !accepted.has(event)) handle(event)
    accepted.add(event)
  }
  return world
}

/** A further request at a target, as its ledger has it. */
export function entryOf(
  world: World,
  event: PlannedEvent,
  { target, effect }: Pick<Expectation, 'target' | 'effect'>,
  { key, executed, atMs }: { key: string; executed: boolean; atMs: number },
): Mutable<LedgerEntry> {
  return {
    n: (world.ledgers[target].at(-1)?.n ?? 0) + 1,
    at: new Date(atMs).toISOString(),
    arrived_at: new Date(atMs).toISOString(),
    order_id: event.order.id,
    event: event.step.event,
    effect,
    key,
    version: `${event.atMs}.0000000000.00.0123456789abcdef`,
    executed,
    status: target === 'mail' ? 250 : 200,
    body_digest: `${event.age}`,
  }
}

function apply(orders: Map<string, TargetOrder>, event: PlannedEvent, { effect, action }: Expectation): void {
  const order = orders.get(event.order.id) ?? { status: null, last_webhook_at: null, shipments: {}, returns: {} }
  const last_webhook_at = new Date(event.atMs).toISOString()
  const part = { [event.part]: { status: event.step.partStatus ?? null, last_webhook_at } }
  const changed: Partial<TargetOrder> | undefined = {
    order: { status: event.step.status, last_webhook_at },
    fulfilment: { fulfilment: action ?? null },
    shipping: { shipments: { ...order.shipments, ...part } },
    return: { returns: { ...order.returns, ...part } },
  }[effect]
  if (effect !== 'entry') orders.set(event.order.id, { ...order, ...changed })
}

function noOrders(): World['orders'] {
  return { erp: new Map(), wms: new Map() }
}
