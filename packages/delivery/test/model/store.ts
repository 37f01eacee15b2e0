import type { OrderRecord } from '../../src/index.ts'
import { checkWrite } from './check-write.ts'
import { note, type World } from './world.ts'

export type InboxState = 'open' | 'done' | 'stale'

/** An operation failed; whether it was carried out is not known. */
export class StoreError extends Error {}

/**
 * The service's MongoDB: every operation is about one document and atomic. A bulk is a row of them, with a yield
 * before each.
 */
export interface Store {
  /** As they are, for those who check. */
  readonly inbox: ReadonlyMap<string, InboxState>
  readonly orders: ReadonlyMap<string, OrderRecord>
  /** A: whether the event is new. */
  insert(event: string): boolean
  state(event: string): InboxState | undefined
  /** F: `{_id, state: open}`. */
  finish(event: string, state: 'done' | 'stale'): void
  read(order: string): OrderRecord | undefined
  /** `{_id, rev}`, or an insert. `onWritten` is a witness, not a part of the service. */
  write(order: string, before: OrderRecord | undefined, after: OrderRecord, onWritten?: () => void): boolean
  /** A transaction: the record by `{_id, rev}`, what else happens in it, and F where `done` says that the event is. */
  transact(
    write: { order: string; before: OrderRecord | undefined; after: OrderRecord; done?: string },
    andAlso: () => void,
  ): boolean
  /** R: `{_id, owner: token, planned: exists}`. */
  release(order: string, token: string): boolean
  /** `{_id, owner: token}`. */
  renew(order: string, token: string, wakeAt: number): boolean
}

const ERROR_CHANCE = 0.004
/** Of a transaction: what is known after it is subtle. */
const TRANSACTION_ERROR_CHANCE = 0.05

export function createStore(world: World): Store {
  const inbox = new Map<string, InboxState>()
  const orders = new Map<string, OrderRecord>()

  function io<T>(operation: () => T, errorChance = ERROR_CHANCE): T {
    if (!world.faultsOn || world.variant.faults !== 'all' || !world.random.chance(errorChance)) return operation()
    world.seen['store error']++
    const carriedOut = world.random.chance(0.5)
    if (carriedOut) operation()
    note(world, () => `store error, ${carriedOut ? 'carried out' : 'not carried out'}`)
    throw new StoreError()
  }

  function isAsRead(order: string, before: OrderRecord | undefined): boolean {
    return (orders.get(order)?.rev ?? 0) === (before?.rev ?? 0)
  }

  function put(order: string, after: OrderRecord): void {
    checkWrite(world, inbox, { order, before: orders.get(order), after })
    orders.set(order, after)
    note(world, () => `${order} ${describe(after)}`)
  }

  return {
    inbox,
    orders,
    insert: event =>
      io(() => {
        if (inbox.has(event)) return false
        inbox.set(event, 'open')
        return true
      }),
    state: event => io(() => inbox.get(event)),
    finish: (event, state) =>
      io(() => {
        if (inbox.get(event) !== 'open') return
        inbox.set(event, state)
        note(world, () => `${event} is ${state}`)
      }),
    read: order => io(() => orders.get(order)),
    write: (order, before, after, onWritten) =>
      io(() => {
        if (!isAsRead(order, before)) {
          world.seen.conflict++
          return false
        }
        put(order, after)
        onWritten?.()
        return true
      }),
    transact: ({ order, before, after, done }, andAlso) =>
      io(() => {
        if (!isAsRead(order, before)) return false
        andAlso()
        if (done !== undefined) inbox.set(done, 'done')
        put(order, after)
        return true
      }, TRANSACTION_ERROR_CHANCE),
    release: (order, token) =>
      io(() => {
        const record = orders.get(order)
        if (record?.owner !== token || !record.planned) return false
        const { owner: _, wake_at: __, planned, ...rest } = record
        put(order, { ...rest, rev: record.rev + 1, floors: planned, known: true, lane: [] })
        return true
      }),
    renew: (order, token, wakeAt) =>
      io(() => {
        const record = orders.get(order)
        if (record?.owner !== token) return false
        put(order, { ...record, rev: record.rev + 1, wake_at: wakeAt })
        return true
      }),
  }
}

function describe(record: OrderRecord): string {
  const entry = (e: OrderRecord['lane'][number]) =>
    `${e.id.slice(e.id.indexOf('|') + 1)}${e.begun ? ' begun' : ''}${e.unsure ? ' unsure' : ''} ${e.effects.map(({ name }) => name).join('')} tries ${e.tries} lost ${e.lost_leases}`
  return [
    `rev ${record.rev}`,
    record.known ? 'known' : 'not known',
    record.owner ? `owner ${record.owner}` : 'free',
    record.planned ? 'planned' : '',
    record.wake_at === undefined ? '' : `wake ${record.wake_at}`,
    `lane [${record.lane.map(entry).join('; ')}]`,
    `dead [${record.dead.map(e => `${entry(e)} ${e.reason}`).join('; ')}]`,
    `floors ${Object.entries(record.floors)
      .map(([key, floor]) => `${key}=${floor.version}${floor.terminal ? '!' : ''}`)
      .join(' ')}`,
  ]
    .filter(Boolean)
    .join(' ')
}
