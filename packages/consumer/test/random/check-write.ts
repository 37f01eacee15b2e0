import type { InboxState } from '@hookline/consumer/loop'
import type { Entry, OrderRecord } from '@hookline/delivery'
import { CLOCK_ERROR_MS, killerOf, type World } from './world.ts'

/** One write of an order record, as it is stored. */
export interface Write {
  key: string
  before: OrderRecord | undefined
  after: OrderRecord
  state: (event: string) => InboxState | undefined
}

/** What must hold at every write of an order record, whoever writes it. */
export function checkWrite(world: World, write: Write): void {
  const { key, before, after } = write
  world.note(() => `write ${key} ${told(after)}`)
  if (after.rev !== (before?.rev ?? 0) + 1) world.violated('rev rises by one', key)
  checkEntries(world, write)
  checkFloors(world, write)
  checkOwner(world, write)
  checkDead(world, write)
  count(world, write)
}

function checkEntries(world: World, { key, before, after, state }: Write): void {
  const was = entriesOf(before)
  const is = entriesOf(after)
  const ids = new Set(is.map(({ id }) => id))
  if (ids.size !== is.length) world.violated('an event is once in lane and dead', key)
  for (const { id, event } of was) {
    if (!ids.has(id) && state(id) === 'open')
      world.violated('nothing leaves that is open in the inbox', `${key} ${event}`)
  }
  for (const { id, event } of is) {
    const isNew = !was.some(entry => entry.id === id)
    if (isNew && state(id) !== 'open') world.violated('nothing enters that is over', `${key} ${event}`)
  }
}

function checkFloors(world: World, { key, before, after }: Write): void {
  if (before?.known && !after.known) world.violated('what is known stays known', key)
  for (const [name, floor] of Object.entries(before?.floors ?? {})) {
    if (floor.state && !after.floors[name]?.state) world.violated('what is kept is never lost', `${key} ${name}`)
    if ((after.floors[name]?.version ?? '') < floor.version) world.violated('floors never fall', `${key} ${name}`)
  }
}

/** Only a target's refusal, a terminal event, or what kills its worker makes anything dead here. */
function checkDead(world: World, { key, before, after }: Write): void {
  for (const dead of after.dead) {
    if (before?.dead.some(({ id }) => id === dead.id)) continue
    const { reason } = dead
    const isKiller = reason === 'kills_its_worker' && world.killers.has(killerOf(key, dead))
    if (isKiller || reason === 'permanent' || reason === 'after_terminal') world.seen[reason] += 1
    else world.violated('nothing dies of an outage, a crash or a rebalance', `${key} ${dead.event} ${reason}`)
  }
}

function checkOwner(world: World, { key, before, after }: Write): void {
  const machine = (owner: string | undefined) => owner?.split('#')[0]
  if (before?.owner !== undefined && after.owner !== undefined && machine(before.owner) !== machine(after.owner)) {
    if (!isDue(world, before)) world.violated('a claim is given to nobody else before its time', key)
  }
  const begun = after.lane.filter(entry => entry.begun)
  if (after.owner === undefined && (begun.length > 0 || after.planned)) {
    world.violated('nothing is begun or planned without an owner', key)
  }
  if (after.owner !== undefined && begun.length === 0) world.violated('an owner has something to run', key)
  if (after.planned && begun.length < after.lane.length) world.violated('planned is about the whole lane', key)
  if (after.lane.length === 0 && after.wake_at !== undefined) world.violated('an empty lane does not wake', key)
  if (after.lane.length > 0 && after.wake_at === undefined && !isHeld(after)) {
    world.violated('a lane that is neither empty nor held wakes', key)
  }
}

function count(world: World, { before, after }: Write): void {
  const { seen } = world
  if (before?.owner !== undefined && before.owner === after.owner && before.wake_at !== after.wake_at) seen.renewal += 1
  if (before?.owner !== undefined && after.owner === undefined) {
    if (before.planned && after.lane.length === 0 && before.dead.length === after.dead.length)
      seen['released at once'] += 1
    else seen.settled += 1
  }
  if (before?.owner !== undefined && after.owner !== undefined && before.owner !== after.owner) {
    seen[isDue(world, before) ? 'takeover' : 'went on'] += 1
  }
  if (after.lane.some(entry => entry.unsure && entry.begun)) seen.unsure += 1
  if (!after.known && after.lane.length > 0 && after.owner === undefined) seen.parked += 1
  if (isHeld(after)) seen.held += 1
}

function isDue({ time }: World, { wake_at }: OrderRecord): boolean {
  return wake_at !== undefined && wake_at <= time.nowMs() + CLOCK_ERROR_MS
}

function isHeld({ dead }: OrderRecord): boolean {
  return dead.some(({ unsure, effects }) => effects.some(({ hold, floor }) => hold || (unsure && floor !== undefined)))
}

function entriesOf(record: OrderRecord | undefined): readonly Entry[] {
  return record ? [...record.lane, ...record.dead] : []
}

function told({ rev, owner, lane, dead, known, planned }: OrderRecord): string {
  const entry = ({ event, begun, unsure, tries, lost_leases, effects }: Entry) =>
    `${event}${begun ? '!' : ''}${unsure ? '?' : ''}(${effects.map(({ name }) => name).join('+')} ${tries}/${lost_leases})`
  const who = `${owner ?? 'free'}${planned ? ' planned' : ''}${known ? '' : ' unknown'}`
  return `${rev} ${who} [${lane.map(entry).join(' ')}] dead [${dead.map(entry).join(' ')}]`
}
