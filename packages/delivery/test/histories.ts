import * as fc from 'fast-check'
import {
  arrive,
  type Entry,
  type OrderRecord,
  type Outcome,
  plan,
  redrive,
  settle,
  takeOver,
  unseen,
} from '../src/index.ts'
import {
  AFTER_TERMINAL,
  DONE,
  entry,
  EVERY,
  LATEST,
  OUTAGE,
  PART,
  PERMANENT,
  POLICY,
  RETRY,
  STALE,
  step,
  UNKNOWN,
} from './sample.ts'

/** One write of an order record by the functions under test. */
export interface Write {
  by: 'arrive' | 'take over' | 'settle' | 'redrive'
  before: OrderRecord
  after: OrderRecord
  /** By the server's clock, in milliseconds. */
  now: number
  /** Ids that the inbox says are over. */
  over: ReadonlySet<string>
}

const EVENTS = 8
const PLACES = Array.from({ length: EVENTS }, (_, n) => n)

/** The events of one order, each with a version of its own; the first may be what makes it known. */
export const someEvents: fc.Arbitrary<readonly Entry[]> = fc
  .record({
    seconds: fc.shuffledSubarray(PLACES, { minLength: EVENTS }),
    effects: fc.array(fc.subarray([LATEST, PART, EVERY], { minLength: 1 }), { minLength: EVENTS, maxLength: EVENTS }),
    creating: fc.boolean(),
    terminal: fc.nat(EVENTS),
    holding: fc.nat(EVENTS),
  })
  .map(({ seconds, effects, creating, terminal, holding }) =>
    seconds.map((second, n) =>
      entry(second, {
        id: `e${n}`,
        creating: creating && n === 0,
        effects: (effects[n] ?? []).map(effect => ({
          ...effect,
          ...(n === terminal && effect.floor !== undefined && { terminal: true as const }),
          ...(n === holding && { hold: true as const }),
        })),
      }),
    ),
  )

/** The same events twice, the second time in another order. */
export const someEventsShuffled = someEvents.chain(events =>
  fc.tuple(fc.constant(events), fc.shuffledSubarray([...events], { minLength: events.length })),
)

/** What there is of one order between two decisions. */
interface State {
  record: OrderRecord
  events: readonly Entry[]
  over: Set<string>
  now: number
  onParkExpired: 'run' | 'dead'
}

interface Command {
  by: Write['by']
  decide: (state: State) => OrderRecord | undefined
}

const ids = fc.subarray(PLACES).map(places => new Set(places.map(n => `e${n}`)))
const token = fc.constantFrom('token-1', 'token-2')

const arriving = command('arrive', fc.tuple(ids, token), ([chosen, token], state) => {
  const open = state.events.filter(({ id }) => chosen.has(id) && !state.over.has(id))
  return arrive(state.record, open, stepOf(state, token))
})

/** Some of what was begun is over although its owner never came back. */
const takingOver = command('take over', fc.tuple(ids, token), ([chosen, token], state) => {
  for (const { id, begun } of state.record.lane) if (begun && chosen.has(id)) state.over.add(id)
  return takeOver(state.record, state.over, stepOf(state, token))
})

const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant(DONE),
  fc.constantFrom(DONE, STALE, RETRY, UNKNOWN, OUTAGE, PERMANENT, AFTER_TERMINAL),
)

/** The run stops at the first entry that is not finished. */
const run = fc.tuple(fc.array(outcome, { maxLength: 12 }), token, token, fc.boolean())
const settling = command('settle', run, ([given, ranUnder, token, last], state) => {
  const end = { ...stepOf(state, token), ranUnder, last }
  if (state.record.owner !== ranUnder) return settle(state.record, new Map(), end)
  const queue = [...given]
  const outcomes = new Map<string, ReadonlyMap<string, Outcome>>()
  for (const { id, effects } of plan(state.record).filter(({ begun }) => begun)) {
    const attempted = new Map(effects.map(({ name }) => [name, queue.shift() ?? DONE]))
    outcomes.set(id, attempted)
    if (![...attempted.values()].every(({ kind }) => kind === 'done' || kind === 'stale')) break
    state.over.add(id)
  }
  return settle(state.record, outcomes, end)
})

const redriving = command('redrive', fc.tuple(ids, fc.boolean()), ([chosen, withoutPrerequisite], { record, now }) =>
  redrive(record, chosen, { now, withoutPrerequisite }),
)

/** All that the decisions write in the life of one order, whatever happens to it. */
export const someHistory: fc.Arbitrary<readonly Write[]> = fc
  .record({
    events: someEvents,
    needsPrerequisite: fc.boolean(),
    onParkExpired: fc.constantFrom('run', 'dead'),
    commands: fc.array(fc.tuple(fc.oneof(arriving, takingOver, settling, settling, redriving), fc.nat(60_000)), {
      minLength: 1,
      maxLength: 30,
    }),
  })
  .map(({ commands, events, needsPrerequisite, onParkExpired }) => {
    const state: State = { record: unseen(needsPrerequisite), events, over: new Set(), now: 1_000_000, onParkExpired }
    const writes: Write[] = []
    for (const [{ by, decide }, laterMs] of commands) {
      state.now += laterMs
      const before = deepFrozen(state.record)
      const after = decide(state)
      if (!after) continue
      writes.push({ by, before, after, over: new Set(state.over), now: state.now })
      state.record = after
    }
    return writes
  })

function command<T>(
  by: Command['by'],
  given: fc.Arbitrary<T>,
  decide: (given: T, state: State) => OrderRecord | undefined,
): fc.Arbitrary<Command> {
  return given.map(given => ({ by, decide: state => decide(given, state) }))
}

function stepOf({ now, onParkExpired }: State, token: string) {
  const policy = { ...POLICY, deadAfterMs: 3_000, maxLostLeases: 3, parkMaxMs: 100_000, onParkExpired, laneCap: 5 }
  return step({ now, token, policy })
}

/** A decision that changed the record which it was given would throw. */
export function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFrozen(part)
  }
  return value
}
