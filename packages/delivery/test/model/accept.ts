import { arrive, type OrderRecord, unseen } from '../../src/index.ts'
import { type Lane, newLane } from './effects.ts'
import { clock, type Site, type Steps, stepNow } from './instance.ts'
import { asEntry, type ModelEvent } from './workload.ts'

/** A, B, G for one slice. `commit` ends it. Returns the lanes that are this claim's. */
export function* accept(
  site: Site,
  token: string,
  slice: { events: readonly ModelEvent[]; commit: () => void },
): Steps<readonly Lane[]> {
  const { store, world } = site
  const byOrder = Map.groupBy(new Set(slice.events), ({ order }) => order)
  const records = new Map<string, OrderRecord | undefined>()
  for (const order of byOrder.keys()) {
    yield
    records.set(order, store.read(order)) // before the inbox, always
  }
  const open = new Set<ModelEvent>()
  const known: ModelEvent[] = []
  for (const event of slice.events) {
    yield
    if (store.insert(event.id)) open.add(event)
    else known.push(event)
  }
  world.seen['duplicate record'] += known.length
  for (const event of known) {
    yield
    if (store.state(event.id) === 'open') open.add(event)
  }
  const lanes: Lane[] = []
  for (const [order, events] of byOrder) {
    const arrival = { order, events, open: events.filter(event => open.has(event)), record: records.get(order) }
    const lane = yield* enter(site, token, arrival)
    if (lane) lanes.push(lane)
  }
  yield
  slice.commit()
  return lanes
}

/** B for one order. `record` was read before the inbox said that the `open` ones are open. */
export function* enter(
  site: Site,
  token: string,
  arrival: {
    order: string
    events: readonly ModelEvent[]
    open: readonly ModelEvent[]
    record: OrderRecord | undefined
  },
): Steps<Lane | undefined> {
  const { world, store } = site
  const { order, events } = arrival
  let { open, record } = arrival
  for (;;) {
    const leasedAt = world.now
    const entries = open.map(event => asEntry(event, clock(site)))
    const before = record ?? unseen(needsPrerequisite(site, order))
    const after = arrive(before, entries, stepNow(site, token))
    if (!after) return undefined
    yield
    const written = store.write(order, record, after)
    const told = !world.variant.readsBack || world.random.chance(0.7)
    if (written && told) return after.owner === token ? newLane(order, token, after, leasedAt) : undefined
    yield
    record = store.read(order)
    if (record?.owner === token) return newLane(order, token, record, leasedAt) // ours after all
    const stillOpen: ModelEvent[] = []
    for (const event of events) {
      yield
      if (store.state(event.id) === 'open') stillOpen.push(event)
    }
    open = stillOpen
  }
}

function needsPrerequisite({ world }: Site, order: string): boolean {
  return world.workload.orders.find(({ id }) => id === order)?.needsPrerequisite === true
}
