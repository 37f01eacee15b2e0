import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../../src/stack.ts'
import { waitFor } from '../../src/wait-for.ts'
import { hookline, hooklineCommand } from './operator.ts'
import { deliver } from './sender.ts'
import { deadOrders } from './store.ts'
import { type LedgerEntry, ledgersOf, setFault } from './targets.ts'
import { newOrderId, points, START_MS } from './webhooks.ts'

const SERVICE = 'erp-sync'
const LIMIT_MS = 60_000

interface Order {
  readonly orderId: string
  /** The oldest first, a second apart. */
  readonly events: readonly string[]
  /** A newer event of it succeeded before the redrive. */
  readonly movedOn: boolean
}

/** 500 events on 200 orders, of which 50 move on. */
const ORDERS: readonly Order[] = Array.from({ length: 200 }, (_, n) => ({
  orderId: newOrderId(),
  events: n % 2 === 0 ? ['authorized', 'captured', 'refunded'] : ['authorized', 'captured'],
  movedOn: n < 50,
}))
const NEWER = 'shipping_status_updated'

interface PlannedEvent {
  readonly id: string
  readonly order_id: string
  readonly event: string
  readonly gives_back: boolean
  readonly forecast: { readonly kind: string; readonly runs?: readonly string[]; readonly skips?: readonly string[] }
}

interface Told {
  readonly id: string
  readonly state: string
  readonly counts: Readonly<Record<string, number>>
  readonly items: readonly { readonly id: string; readonly state: string }[]
}

let stack: Stack
let mongo: MongoClient
let plan: readonly PlannedEvent[]
/** How many requests the ERP had seen when it was mended, and when the redrive began. */
let mendedAt: number
let redrivenAt: number

beforeAll(async () => {
  stack = await startStack({ ephemeral: true, consumers: [SERVICE] })
  mongo = await MongoClient.connect(stack.info.mongodb)
  await setFault(stack.info, 'erp', { mode: 'status', status: 422 })
  await send(ORDERS, ({ events }) => events)
  await waitFor('500 dead events', async () => ((await deadCount()) === 500 ? true : undefined), { limitMs: LIMIT_MS })
  await setFault(stack.info, 'erp', { mode: 'ok' })
  mendedAt = (await ledger()).length
  const moving = ORDERS.filter(({ movedOn }) => movedOn)
  await send(moving, () => [NEWER], 10_000)
  const allMoved = async () => ((await ledger()).length === mendedAt + moving.length ? true : undefined)
  await waitFor('50 newer events at the ERP', allMoved, { limitMs: LIMIT_MS })
  redrivenAt = mendedAt + moving.length
})
afterAll(async () => {
  await mongo?.close()
  await stack?.close()
})

async function send(orders: readonly Order[], eventsOf: (order: Order) => readonly string[], laterMs = 0) {
  const queue = [...orders]
  const sender = async () => {
    for (let order = queue.shift(); order; order = queue.shift()) {
      const { orderId } = order
      const webhooks = eventsOf(order).map((event, n) =>
        points({ orderId, event, atMs: START_MS + laterMs + n * 1_000 }),
      )
      await deliver(stack.info, ...webhooks)
    }
  }
  await Promise.all(Array.from({ length: 10 }, sender))
}

async function deadCount(): Promise<number> {
  return (await deadOrders(mongo, SERVICE)).reduce((sum, { dead }) => sum + dead.length, 0)
}

async function ledger(): Promise<readonly LedgerEntry[]> {
  return (await ledgersOf(stack.info)).erp
}

/** True once a hundred events were given back, and others were not. */
async function inItsMiddle(): Promise<true | undefined> {
  const items = mongo.db(SERVICE).collection('redrive_items')
  const given = await items.countDocuments({ given_back_at: { $exists: true } })
  const planned = await items.countDocuments({ state: 'planned' })
  return given >= 100 && planned > 0 ? true : undefined
}

/** What is to happen to each event, decided here once more by hand. */
function expected({ events, movedOn }: Order, event: string) {
  const facts = event === 'authorized' ? [] : ['entry']
  if (!events.includes(event)) throw new Error(`there is no ${event}`)
  if (!movedOn) return { kind: 'will_run', runs: ['order', ...facts], skips: [] }
  return facts.length === 0 ? { kind: 'stale', skips: ['order'] } : { kind: 'will_run', runs: facts, skips: ['order'] }
}

test('the plan says for each of 500 dead events what will run and what the order has left behind', async () => {
  const { services } = JSON.parse(await hookline(stack.info, ['redrive', 'plan', '--service', SERVICE, '--json'])) as {
    services: Record<string, { events: number; orders: number; dead: readonly PlannedEvent[] }>
  }
  const told = services[SERVICE]
  plan = told?.dead ?? []
  expect([told?.events, told?.orders, plan.length]).toEqual([500, 200, 500])
  const byOrder = Map.groupBy(plan, ({ order_id }) => order_id)
  for (const order of ORDERS) {
    const ofOrder = byOrder.get(order.orderId) ?? []
    expect(ofOrder.map(({ event, forecast }) => ({ event, ...forecast }))).toEqual(
      order.events.map(event => ({ event, ...expected(order, event) })),
    )
  }
  expect(await deadCount()).toBe(500)
})

test('a redrive that is killed with SIGKILL in its middle is resumed and ends', async () => {
  const args = ['redrive', 'run', '--service', SERVICE, '--why', 'the ERP takes it now', '--by', 'ada']
  const runner = start([...args, '--rate', '50', '--yes'])
  await waitFor('the middle of the redrive', inItsMiddle, { limitMs: LIMIT_MS, everyMs: 20 })
  runner.kill('SIGKILL')
  await once(runner, 'exit')
  const dead = await deadCount()
  expect([dead > 0, dead < 500]).toEqual([true, true])

  const redrive = await mongo.db(SERVICE).collection<{ _id: string }>('redrives').findOne()
  const id = redrive?._id ?? ''
  const told = JSON.parse(await hookline(stack.info, ['redrive', 'resume', id, '--rate', '500', '--json'])) as Told
  const { planned, left, done = 0, stale = 0, dead_again } = told.counts
  expect({ ended: done + stale, planned, left, dead_again }).toEqual({ ended: 500, planned: 0, left: 0, dead_again: 0 })
  expect(await deadCount()).toBe(0)
  const states = new Map(told.items.map(({ id, state }) => [id, state]))
  const wrong = plan.filter(({ id, forecast }) => states.get(id) !== (forecast.kind === 'stale' ? 'stale' : 'done'))
  expect(wrong).toEqual([])
})

test('the ERP is asked for exactly the effects of the plan, each once, in order per order, and for nothing older', async () => {
  const all = await ledger()
  const since = all.slice(redrivenAt)
  const asked = since.map(({ order_id, event, effect }) => `${order_id} ${event} ${effect}`)
  const planned = plan.flatMap(({ order_id, event, forecast }) =>
    (forecast.runs ?? []).map(effect => `${order_id} ${event} ${effect}`),
  )
  expect(asked.toSorted()).toEqual(planned.toSorted())
  expect(since.filter(({ executed }) => !executed)).toEqual([])
  const byOrder = Map.groupBy(all.slice(mendedAt), ({ order_id }) => order_id)
  for (const { orderId, events, movedOn } of ORDERS) {
    const ofOrder = byOrder.get(orderId) ?? []
    const states = ofOrder.filter(({ effect }) => effect === 'order').map(({ event }) => event)
    expect(states).toEqual(movedOn ? [NEWER] : events)
    const facts = ofOrder.filter(({ effect }) => effect === 'entry').map(({ event }) => event)
    expect(facts).toEqual(events.filter(event => event !== 'authorized'))
  }
})

test('who gave an event back, and why, stands with its order', async () => {
  const [order] = ORDERS
  const told = JSON.parse(await hookline(stack.info, ['order', order?.orderId ?? '', '--json'])) as {
    services: Record<string, { events: readonly { event: string; redriven: object | null }[] }>
  }
  const redriven = Object.fromEntries((told.services[SERVICE]?.events ?? []).map(one => [one.event, one.redriven]))
  expect(redriven['captured']).toMatchObject({ by: 'ada', why: 'the ERP takes it now' })
  expect(redriven[NEWER]).toBeNull()
})

/** A command of the operator's that a test may kill. */
function start(args: readonly string[]): ChildProcess {
  const { file, argv, env } = hooklineCommand(stack.info, args)
  return spawn(file, argv, { env, stdio: 'ignore' })
}
