import type { Accepted, Fact, Inbox, InboxEvent, InboxState, NewEvent, ServerClock } from '@hookline/consumer/loop'
import { faultyCalls, type Faults } from './faults.ts'
import { memoryClock } from './memory-clock.ts'

/** One event as the memory inbox keeps it. Times are milliseconds by its clock. */
export interface MemoryEvent extends InboxEvent {
  effects: readonly string[]
  state: InboxState
  accepted_at: number
  finished_at?: number
  note?: string
  expires_at?: number
}

export interface MemoryInbox extends Inbox {
  readonly faults: Faults<keyof Inbox>
  /** Everything that is stored, in the order of arrival. */
  events(): readonly MemoryEvent[]
  /** What MongoDB's TTL does: forgets what is done or stale and has expired. */
  expire(): void
  /** `finish`, at once and without its faults: what a transaction commits. */
  finishNow(facts: readonly Fact[]): void
}

export interface MemoryInboxOptions {
  clock?: ServerClock
  /** How long an event that is done or stale is remembered, milliseconds. */
  inboxTtlMs?: number
}

const DAY_MS = 24 * 3_600_000

/** The inbox in memory: the same answers as the adapter of MongoDB, and faults as they are asked for. */
export function memoryInbox(options: MemoryInboxOptions = {}): MemoryInbox {
  const { clock = memoryClock(), inboxTtlMs = 30 * DAY_MS } = options
  const { faults, around } = faultyCalls<keyof Inbox>()
  const byId = new Map<string, MemoryEvent>()
  const idByIdentity = new Map<string, string>()
  let lastId = 0

  function acceptOne({ event, effects }: NewEvent): Accepted {
    const identity = identityText(event)
    const known = byId.get(idByIdentity.get(identity) ?? '')
    if (known) return { id: known.id, state: known.state }
    lastId += 1
    const id = lastId.toString(16).padStart(24, '0')
    byId.set(id, structuredClone({ ...event, id, effects, state: 'open', accepted_at: clock.now() }))
    idByIdentity.set(identity, id)
    return { id, state: 'new' }
  }

  const stored = (ids: readonly string[]) => ids.flatMap(id => byId.get(id) ?? [])

  function finishNow(facts: readonly Fact[]): void {
    const finished_at = clock.now()
    for (const { ids, state, note } of facts) {
      for (const event of stored(ids)) {
        if (event.state !== 'open') continue
        const fact = { state, finished_at, expires_at: finished_at + inboxTtlMs }
        byId.set(event.id, { ...event, ...fact, ...(note !== undefined && { note }) })
      }
    }
  }

  return {
    faults,
    events: () => structuredClone([...byId.values()]),
    expire: () => {
      for (const event of byId.values()) {
        if (event.expires_at === undefined || event.expires_at > clock.now()) continue
        byId.delete(event.id)
        idByIdentity.delete(identityText(event))
      }
    },

    accept: events => around('accept', events, some => some.map(acceptOne)),
    states: ids => around('states', ids, some => new Map(stored(some).map(({ id, state }) => [id, state]))),
    load: ids => around('load', ids, some => new Map(stored(some).map(event => [event.id, toInboxEvent(event)]))),

    finishNow,
    finish: facts => around('finish', facts, finishNow),

    openBefore: (before, limit, after = '') =>
      around('openBefore', [], () =>
        [...byId.values()]
          .filter(({ id, state, accepted_at }) => state === 'open' && accepted_at < before && id > after)
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .slice(0, limit)
          .map(({ id, source, order_id }) => ({ id, order: `${source}:${order_id}` })),
      ),
  }
}

function toInboxEvent(event: MemoryEvent): InboxEvent {
  const { effects: _, state: __, accepted_at: ___, finished_at: ____, note: _____, expires_at: ______, ...same } = event
  return structuredClone(same)
}

function identityText({ source, order_id, event, occurrence }: NewEvent['event']): string {
  return JSON.stringify([source, order_id, event, occurrence])
}
