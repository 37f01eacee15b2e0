import { type DeadEntry, type Entry, type Floors, isHeld, type OrderRecord } from '../../src/index.ts'
import type { InboxState } from './store.ts'
import { violated, type World } from './world.ts'

/** One write of an order record. */
interface Write {
  order: string
  before: OrderRecord | undefined
  after: OrderRecord
}

type Inbox = ReadonlyMap<string, InboxState>

/** What must hold at every write of an order record, whoever writes it. */
export function checkWrite(world: World, inbox: Inbox, write: Write): void {
  checkEntries(world, inbox, write)
  checkFloors(world, write)
  checkOwner(world, write)
  checkWaking(world, write)
  checkDead(world, inbox, write)
  countWrite(world, write)
}

function checkEntries(world: World, inbox: Inbox, { order, before, after }: Write): void {
  const was = entriesOf(before)
  const is = entriesOf(after)
  const ids = new Set(is.map(({ id }) => id))
  if (after.rev !== (before?.rev ?? 0) + 1) violated(world, 'rev rises by one', order)
  if (ids.size !== is.length) violated(world, 'an id is once in lane and dead', order)
  for (const { id } of was) {
    if (!ids.has(id) && !isOver(inbox, id)) violated(world, 'nothing leaves that the inbox says is open', id)
  }
  for (const { id } of is) {
    if (isOver(inbox, id) && !was.some(entry => entry.id === id)) violated(world, 'nothing enters that is over', id)
  }
  const grew = after.lane.some(({ id }) => !was.some(entry => entry.id === id))
  if (grew && after.lane.length > world.limits.policy.laneCap) violated(world, 'a lane has a cap', order)
}

function checkFloors(world: World, { order, before, after }: Write): void {
  const newest = [...entriesOf(after), ...(before ? [before] : [])].map(({ last_webhook_at }) => last_webhook_at).sort()
  if (after.last_webhook_at < (newest.at(-1) ?? ''))
    violated(world, 'the newest time of an order is that of its events', order)
  if (before?.known && !after.known) violated(world, 'what is known stays known', order)
  for (const [key, floor] of Object.entries(before?.floors ?? {})) {
    if (!((after.floors[key]?.version ?? '') >= floor.version)) violated(world, 'floors never fall', `${order} ${key}`)
  }
  for (const [key, { state }] of Object.entries(before?.floors ?? {})) {
    if (state && !after.floors[key]?.state) violated(world, 'what is kept is never lost', `${order} ${key}`)
  }
  if (!after.planned) return
  if (!after.lane.every(({ begun }) => begun)) violated(world, 'planned is about a lane that wholly runs', order)
  if (!sameVersions(after.planned, highest(after))) violated(world, 'planned is the floors after the lane', order)
}

function checkOwner(world: World, { order, before, after }: Write): void {
  if (isHeld(after) !== holds(after)) violated(world, 'held is what the dead say', order)
  const anyBegun = after.lane.some(({ begun }) => begun)
  if (after.owner === undefined) {
    if (anyBegun || after.planned) violated(world, 'nothing is begun or planned without an owner', order)
    return
  }
  if (!anyBegun) violated(world, 'an owner has something to run', order)
  const claimed = after.owner !== before?.owner
  if (claimed && holds(after)) violated(world, 'a held order is not claimed', order)
  const backsOff = before?.owner === undefined && (before?.wake_at ?? 0) > world.now + world.limits.clockErrorMs
  if (claimed && before && backsOff && isRunnable(before)) {
    violated(world, 'what backs off is not claimed early', order)
  }
}

function checkWaking(world: World, { order, after }: Write): void {
  const { limits } = world
  if (after.lane.length === 0 && after.wake_at !== undefined) violated(world, 'an empty lane does not wake', order)
  if (after.lane.length > 0 && after.wake_at === undefined && !holds(after)) {
    violated(world, 'a lane that is neither empty nor held wakes', order)
  }
  const soon = world.now + limits.clockErrorMs + limits.longestWaitMs
  if (after.owner === undefined && (after.wake_at ?? 0) > soon && isRunnable(after)) {
    violated(world, 'what is runnable is run soon', order)
  }
  const oldest = Math.min(...after.lane.map(({ since }) => since))
  const limit = Math.max(oldest + limits.policy.parkMaxMs, world.now + limits.clockErrorMs)
  if (after.owner === undefined && !isRunnable(after) && !holds(after) && (after.wake_at ?? 0) > limit) {
    violated(world, 'a parked order wakes at its limit', order)
  }
}

function checkDead(world: World, inbox: Inbox, { order, before, after }: Write): void {
  const { policy, longestWaitMs } = world.limits
  const creator = world.workload.orders.find(({ id }) => id === order)?.creator
  for (const dead of newlyDead(before, after)) {
    const creatorIsHere = after.lane.some(({ creating }) => creating) || (creator && isOver(inbox, creator.id))
    if (dead.reason === 'prerequisite_never_arrived' && (after.known || creatorIsHere)) {
      violated(world, 'nothing dies of a prerequisite that came', dead.id)
    }
    if (dead.reason === 'used_up' && (dead.tries - 1) * longestWaitMs < policy.deadAfterMs) {
      violated(world, 'an event is used up by its own attempts only', `${dead.id} after ${dead.tries} tries`)
    }
    if (dead.reason === 'kills_its_worker') checkKiller(world, dead)
  }
}

/**
 * What one event that kills its worker may cost another one: the lease that both lose at first, and one more where it
 * runs beside an order that is taken over for the first time. From then on they are alone.
 */
const LEASES_IN_COMPANY = 2

function checkKiller(world: World, dead: DeadEntry): void {
  if (world.variant.faults !== 'poison' || world.killers.has(dead.id)) return
  const usedUpByOthers = world.killers.size * LEASES_IN_COMPANY
  if (usedUpByOthers < world.limits.policy.maxLostLeases) violated(world, 'no innocent dies of a poison event', dead.id)
}

/** What bit, for the sum at the end; and orders that run without their prerequisite from now on. */
function countWrite(world: World, { order, before, after }: Write): void {
  const { seen, granted } = world
  for (const dead of newlyDead(before, after)) {
    seen[dead.reason]++
    if (dead.effects.some(({ hold }) => hold)) seen['held by declaration']++
  }
  const outagesOf = (id: string) => before?.lane.find(entry => entry.id === id)?.outages ?? 0
  for (const { id, outages = 0 } of after.lane) {
    if (outages <= outagesOf(id)) continue
    if (outages > 1) seen['outage again']++
    const latest = world.now + world.limits.clockErrorMs + world.limits.policy.outageBackOffMaxMs
    if ((after.wake_at ?? 0) > latest) violated(world, 'an outage backs off no longer than its own limit', id)
  }
  if (holds(after) && !(before && holds(before))) seen.held++
  if (after.prerequisite_never_arrived && !before?.prerequisite_never_arrived) {
    seen['parked too long ran']++
    granted.withoutPrerequisite.add(order)
    const oldest = Math.min(...after.lane.map(({ since }) => since))
    const limit = world.now + world.limits.clockErrorMs
    if (oldest + world.limits.policy.parkMaxMs > limit) violated(world, 'a parked order has its whole time', order)
  }
  if (!after.known && after.lane.length > 0 && after.owner === undefined) seen.parked++
}

/** Whether nothing may pass its dead: said without the functions under test. */
function holds({ dead }: OrderRecord): boolean {
  return dead.some(({ unsure, effects }) => effects.some(({ hold, floor }) => hold || (unsure && floor !== undefined)))
}

/** Whether somebody could work on it now: said without the functions under test. */
function isRunnable(record: OrderRecord): boolean {
  if (record.lane.length === 0 || holds(record)) return false
  const unsure = record.lane.filter(entry => entry.unsure)
  return record.known || (unsure.length > 0 ? unsure : record.lane).some(({ creating }) => creating)
}

function newlyDead(before: OrderRecord | undefined, after: OrderRecord): readonly DeadEntry[] {
  if (after.dead.length === 0) return after.dead
  return after.dead.filter(dead => !before?.dead.some(({ id }) => id === dead.id))
}

function entriesOf(record: OrderRecord | undefined): readonly Entry[] {
  return record ? [...record.lane, ...record.dead] : []
}

function isOver(inbox: Inbox, id: string): boolean {
  return inbox.get(id) !== undefined && inbox.get(id) !== 'open'
}

/** The highest version by floor key, found without the functions under test. */
function highest({ floors, lane }: OrderRecord): Map<string, string> {
  const versions = new Map(Object.entries(floors).map(([key, { version }]) => [key, version]))
  for (const { version, effects } of lane) {
    for (const { floor } of effects) {
      if (floor !== undefined && version > (versions.get(floor) ?? '')) versions.set(floor, version)
    }
  }
  return versions
}

function sameVersions(floors: Floors, versions: ReadonlyMap<string, string>): boolean {
  const keys = Object.keys(floors)
  return keys.length === versions.size && keys.every(key => floors[key]?.version === versions.get(key))
}
