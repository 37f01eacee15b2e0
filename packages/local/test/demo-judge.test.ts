import { describe, expect, test } from 'vitest'
import type { FindingKind } from '../src/demo/findings.ts'
import { isComplete, judge } from '../src/demo/judge.ts'
import { planOf, type PlannedEvent } from '../src/demo/plan.ts'
import type { Target } from '../src/demo/expectations.ts'
import type { LedgerEntry } from '../src/demo/ledgers.ts'
import { entryOf, idealWorld, type World } from './demo-world.ts'

const NOW_MS = Date.UTC(2029, 11, 31, 12)
const plan = planOf({ seed: 11, orders: 60, nowMs: NOW_MS })

function kindsIn(world: World): FindingKind[] {
  return [...new Set(judge(world).findings.map(({ kind }) => kind))].sort()
}

/** An event of the plan with its entry at a target. */
function find(world: World, target: Target, effect: string, wanted: (event: PlannedEvent) => boolean = () => true) {
  for (const event of world.plan.events.filter(wanted)) {
    const entry = world.ledgers[target].find(one => isOf(one, event) && one.effect === effect)
    if (entry?.executed) return { event, entry }
  }
  throw new Error(`the plan has no such ${effect}`)
}

function isOf(entry: LedgerEntry, event: PlannedEvent): boolean {
  return (
    entry.order_id === event.order.id && entry.event === event.step.event && entry.version.startsWith(`${event.atMs}`)
  )
}

function remove(world: World, target: Target, entry: LedgerEntry): void {
  world.ledgers[target].splice(world.ledgers[target].indexOf(entry), 1)
}

/** The same request again, `laterMs` after the first. */
function again(world: World, target: Target, entry: LedgerEntry, more: Partial<LedgerEntry> = {}, laterMs = 1_000) {
  const at = new Date(Date.parse(entry.at) + laterMs).toISOString()
  const n = (world.ledgers[target].at(-1)?.n ?? 0) + 1
  world.ledgers[target].push({ ...entry, n, at, arrived_at: at, executed: target === 'mail', ...more })
}

const newestOf = ({ age, order }: PlannedEvent) => age === order.lifeCycle.steps.length - 1
const named = (name: string) => (event: PlannedEvent) => event.step.event === name

test('nothing is found where all went as it must, whatever the seed', () => {
  for (let seed = 0; seed < 20; seed++) {
    const world = idealWorld(planOf({ seed, orders: 60, nowMs: NOW_MS }))
    const { findings, figures } = judge(world)
    expect(findings).toEqual([])
    expect(isComplete(world)).toBe(true)
    for (const { doneOnce, newestState, parkedReleased } of Object.values(figures.targets)) {
      expect(doneOnce.done).toBe(doneOnce.all)
      expect(newestState.done).toBe(newestState.all)
      expect(parkedReleased.done).toBe(parkedReleased.all)
    }
    expect(figures.targets.wms.heldForPerson).toEqual({ done: 1, all: 1 })
    expect(figures.duplicatesDropped.done).toBeGreaterThan(0)
  }
})

const WRONGS: readonly (readonly [string, readonly FindingKind[], (world: World) => void])[] = [
  ['a fact that no target saw', ['lost'], world => remove(world, 'erp', find(world, 'erp', 'entry').entry)],
  [
    'the newest state that no target saw',
    ['lost'],
    world => remove(world, 'erp', find(world, 'erp', 'order', newestOf).entry),
  ],
  ['a mail that was not sent', ['lost'], world => remove(world, 'mail', find(world, 'mail', 'refund').entry)],
  [
    'a fact that was executed twice under two keys',
    ['changed on retry', 'executed twice', 'requested again'],
    world => again(world, 'erp', find(world, 'erp', 'entry').entry, { executed: true, key: 'another' }),
  ],
  [
    'two events of one fact that were both executed',
    ['executed twice'],
    world => {
      const replayed = world.ledgers.erp.find(({ effect, executed }) => effect === 'entry' && !executed)
      if (replayed === undefined) throw new Error('no order of the plan is told twice that it is paid')
      replayed.executed = true
    },
  ],
  [
    'an order that was confirmed twice, by two events',
    ['executed twice'],
    world => {
      const isConfirmed = ({ order, step }: PlannedEvent) =>
        step.event === 'captured' && order.lifeCycle.name === 'captured and approved'
      const { event, entry } = find(world, 'mail', 'status', isConfirmed)
      const approved = world.plan.events.find(({ order, step }) => order === event.order && step.event === 'approved')
      if (approved === undefined) throw new Error('the plan has no second event that confirms')
      const second = { event: 'approved', key: 'another', version: entry.version.replace(/^\d+/, `${approved.atMs}`) }
      again(world, 'mail', entry, second)
    },
  ],
  [
    'a request that is made again although it was answered',
    ['requested again'],
    world => again(world, 'wms', find(world, 'wms', 'fulfilment').entry),
  ],
  [
    'a mail that is sent again although nobody was killed',
    ['requested again'],
    world => again(world, 'mail', find(world, 'mail', 'status').entry),
  ],
  [
    'a request that is made again long after the kill that could excuse it',
    ['requested again'],
    world => {
      const { entry } = find(world, 'wms', 'fulfilment')
      again(world, 'wms', entry, {}, 60_000)
      Object.assign(world, { kills: [{ target: 'wms', atMs: Date.parse(entry.at) + 30_000 }] })
    },
  ],
  [
    'a request that is made a third time after one kill',
    ['requested again'],
    world => {
      const { entry } = find(world, 'wms', 'fulfilment')
      again(world, 'wms', entry, {}, 2_000)
      again(world, 'wms', entry, {}, 3_000)
      Object.assign(world, { kills: [{ target: 'wms', atMs: Date.parse(entry.at) + 500 }] })
    },
  ],
  [
    'a request that is made again after the kill of another service',
    ['requested again'],
    world => {
      const { entry } = find(world, 'wms', 'fulfilment')
      again(world, 'wms', entry)
      Object.assign(world, { kills: [{ target: 'mail', atMs: Date.parse(entry.at) + 500 }] })
    },
  ],
  [
    'a retry with other bytes',
    ['changed on retry'],
    world => {
      const { entry } = find(world, 'erp', 'order')
      world.ledgers.erp.unshift({ ...entry, n: 0, executed: false, status: 503, body_digest: 'other' })
    },
  ],
  [
    'an older snapshot after a newer one',
    ['went back'],
    world => {
      const { event } = find(world, 'erp', 'order', event => newestOf(event) && event.age > 1)
      const older = world.ledgers.erp.find(one => one.order_id === event.order.id && one.effect === 'order')
      if (older) older.n = 1_000_000
    },
  ],
  [
    'a release that is older than the hold before it',
    ['released after terminal'],
    world => {
      const { event } = find(world, 'wms', 'fulfilment', named('order.cancelled'))
      const release = world.ledgers.wms.find(one => one.order_id === event.order.id && one.event === 'order.confirmed')
      if (release === undefined) throw new Error('nothing of this order was released')
      release.n = 1_000_000
    },
  ],
  [
    'a release that is newer than the hold and that no person decided on',
    ['released after terminal'],
    world => {
      const event = world.plan.events.find(({ order, step }) => order.lifeCycle.inOrder && step.event === 'approved')
      if (event === undefined) throw new Error('the plan has no order that is approved after its cancellation')
      const made = { key: 'k', executed: true, atMs: NOW_MS }
      world.ledgers.wms.push(entryOf(world, event, { target: 'wms', effect: 'fulfilment' }, made))
    },
  ],
  [
    'a target that ends at an older state',
    ['not newest'],
    world => {
      const [id, order] = [...world.orders.erp][0] ?? []
      if (id && order) world.orders.erp.set(id, { ...order, status: 'older' })
    },
  ],
  [
    'a warehouse that does not know a parcel',
    ['not newest'],
    world => {
      const { event } = find(world, 'wms', 'shipping')
      const order = world.orders.wms.get(event.order.id)
      if (order) world.orders.wms.set(event.order.id, { ...order, shipments: {} })
    },
  ],
  [
    'an HC event before order.created was sent',
    ['before order.created'],
    world => {
      const { entry } = find(world, 'wms', 'fulfilment', named('order.confirmed'))
      entry.arrived_at = new Date(0).toISOString()
    },
  ],
  [
    'an HC order that the ERP knows from another event than order.created',
    ['before order.created', 'went back'],
    world => {
      const { entry } = find(world, 'erp', 'order', named('order.created'))
      entry.n = 1_000_000
    },
  ],
  [
    'an event that was never answered with 2xx',
    ['not acked'],
    world => {
      const event = world.plan.events[0]
      for (const one of world.sent.filter(request => request.event === event)) one.status = 503
    },
  ],
  [
    'a wrong secret that was let in',
    ['forgery accepted'],
    world => {
      for (const one of world.sent.filter(({ event }) => !event.genuine).slice(0, 1)) one.status = 200
    },
  ],
  [
    'an effect of a request with a wrong secret',
    ['forgery executed'],
    world => {
      const forged = world.sent.find(({ event }) => !event.genuine)?.event
      if (forged === undefined) throw new Error('the plan has no forgery')
      const made = { key: 'k', executed: true, atMs: NOW_MS }
      world.ledgers.erp.push(entryOf(world, forged, { target: 'erp', effect: 'order' }, made))
    },
  ],
  [
    'an effect that its event does not ask for',
    ['not asked for'],
    world => {
      const { event } = find(world, 'erp', 'order', named('authorized'))
      const made = { key: 'k', executed: true, atMs: NOW_MS }
      world.ledgers.wms.push(entryOf(world, event, { target: 'wms', effect: 'fulfilment' }, made))
    },
  ],
  [
    'a request about nothing that was sent',
    ['not asked for'],
    world => again(world, 'erp', find(world, 'erp', 'order').entry, { version: '' }),
  ],
]

describe('the judge finds', () => {
  test.each(WRONGS)('%s', (_what, kinds, spoil) => {
    const world = idealWorld(plan)
    spoil(world)
    expect(kindsIn(world)).toEqual([...kinds].sort())
  })
})

describe('the judge excuses', () => {
  test('a request that is repeated after a kill between its answer and what would have been written about it', () => {
    const world = idealWorld(plan)
    for (const [target, effect] of [
      ['wms', 'fulfilment'],
      ['mail', 'status'],
    ] as const) {
      const { entry } = find(world, target, effect)
      again(world, target, entry, {}, 3_000)
      Object.assign(world, { kills: [...world.kills, { target, atMs: Date.parse(entry.at) + 500 }] })
    }
    const { findings, figures } = judge(world)
    expect(findings).toEqual([])
    expect(figures.targets.mail.replayed).toBe(1)
  })

  test('the same where the first request reached its target only after the kill', () => {
    const world = idealWorld(plan)
    const { entry } = find(world, 'wms', 'fulfilment')
    again(world, 'wms', entry, {}, 3_000)
    Object.assign(world, { kills: [{ target: 'wms', atMs: Date.parse(entry.arrived_at) - 100 }] })
    expect(kindsIn(world)).toEqual([])
  })

  test('a request whose first answer was lost on its way', () => {
    const world = idealWorld(plan)
    const { entry } = find(world, 'erp', 'entry')
    again(world, 'erp', entry)
    world.ledgers.erp = world.ledgers.erp.map(one => (one === entry ? { ...one, fault: 'drop-answer' } : one))
    expect(kindsIn(world)).toEqual([])
  })

  test('requests that failed before the one that was executed', () => {
    const world = idealWorld(plan)
    const { entry } = find(world, 'erp', 'entry')
    world.ledgers.erp.unshift({ ...entry, n: 0, executed: false, status: 0, fault: 'down' })
    const { findings, figures } = judge(world)
    expect(findings).toEqual([])
    expect(figures.targets.erp.retried).toBe(1)
  })

  test('an older snapshot that is left out because a newer one was executed', () => {
    const world = idealWorld(plan)
    const { entry } = find(
      world,
      'erp',
      'order',
      ({ age, order }) => age === 0 && order.source === 'points' && order.lifeCycle.steps.length > 2,
    )
    const before = judge(world).figures.targets.erp.staleSkipped
    remove(world, 'erp', entry)
    const { findings, figures } = judge(world)
    expect(findings).toEqual([])
    expect(figures.targets.erp.staleSkipped).toBe(before + 1)
  })
})

test('a run is not complete while something that was acked has had no effect', () => {
  const world = idealWorld(plan)
  remove(world, 'mail', find(world, 'mail', 'refund').entry)
  expect(isComplete(world)).toBe(false)
})
