import { byVersion, change, heldAgain, planOf, sureAgain, unheld, wholeLaneBegun, without, woken } from './mutate.ts'
import { production, type Protocol } from './protocol.ts'

/** The protocol with one guard removed. */
export interface Mutant {
  /** The guard. */
  name: string
  protocol: Protocol
}

const { arrive, judge, plan, raise, redrive, settle, takeOver, unseen } = production

/** Each guard here is one that a schedule must be able to miss. */
export const MUTANTS: readonly Mutant[] = [
  mutant('judge: an older snapshot is stale', {
    judge: (effect, entry, floors) => {
      const verdict = judge(effect, entry, floors)
      return verdict === 'stale' ? 'run' : verdict
    },
  }),
  mutant('judge: nothing passes a terminal floor', {
    judge: (effect, entry, floors) => {
      const verdict = judge(effect, entry, floors)
      return verdict === 'after_terminal' ? 'run' : verdict
    },
  }),
  mutant('raise: a terminal effect makes its floor terminal', {
    raise: (floors, entry, effects) =>
      raise(
        floors,
        entry,
        effects.map(effect => without(effect, 'terminal')),
      ),
    settle: (record, outcomes, step) =>
      change(settle(record, outcomes, step), after => ({
        ...after,
        floors: Object.fromEntries(
          Object.entries(after.floors).map(([key, floor]) => [key, without(floor, 'terminal')]),
        ),
      })),
  }),
  mutant('plan: by version', { plan: record => plan(record).toReversed() }),
  mutant('plan: an unsure entry alone', {
    plan: record => (plan(record).length > 0 ? record.lane.toSorted(byVersion) : []),
    arrive: (record, entries, step) =>
      change(arrive(record, entries, step), after => (after.owner === step.token ? wholeLaneBegun(after) : after)),
    takeOver: (record, finished, step) => change(takeOver(record, finished, step), wholeLaneBegun),
    settle: (record, outcomes, step) => change(settle(record, outcomes, step), wholeLaneBegun),
  }),
  mutant('plan: what is not known is parked', { unseen: () => unseen(false) }),
  mutant('held: nothing passes an unsure dead snapshot', {
    plan: record => plan(unheld(record)),
    arrive: (record, entries, step) =>
      change(arrive(unheld(record), entries, step), after => heldAgain(record, woken(after, step.now))),
    takeOver: (record, finished, step) =>
      change(takeOver(unheld(record), finished, step), after => heldAgain(record, woken(after, step.now))),
    settle: (record, outcomes, step) =>
      change(settle(unheld(record), outcomes, step), after => heldAgain(record, woken(after, step.now))),
  }),
  mutant('arrive: what is dead does not come again', {
    arrive: (record, entries, step) =>
      change(arrive({ ...record, dead: [] }, entries, step), after => ({
        ...after,
        dead: [...record.dead, ...after.dead],
      })),
  }),
  mutant('arrive: somebody else adds, so planned is removed', {
    arrive: (record, entries, step) =>
      change(arrive(record, entries, step), after =>
        after.owner === record.owner ? { ...after, ...planOf(record) } : after,
      ),
  }),
  mutant('arrive: an owned order is not taken', {
    arrive: (record, entries, step) => {
      const added = arrive(record, entries, step)
      if (!added || record.owner === undefined) return added
      const free = without(added, 'owner', 'planned')
      const lane = added.lane.map(entry => without(entry, 'begun'))
      return change(takeOver({ ...free, lane, wake_at: step.now }, new Set(), step), after => ({
        ...after,
        rev: added.rev,
      }))
    },
  }),
  mutant('takeOver: what the inbox says is done is not run again', {
    takeOver: (record, _, step) => takeOver(record, new Set(), step),
  }),
  mutant('takeOver: what is done raises its floors', {
    takeOver: (record, finished, step) =>
      change(takeOver(record, finished, step), after => ({ ...without(after, 'planned'), floors: record.floors })),
  }),
  mutant('takeOver: what was begun becomes unsure', {
    takeOver: (record, finished, step) =>
      change(takeOver(record, finished, step), after =>
        wholeLaneBegun({ ...after, lane: after.lane.map(entry => without(entry, 'unsure')) }),
      ),
  }),
  mutant('settle: only the owner', {
    settle: (record, outcomes, end) => settle({ ...record, owner: end.ranUnder }, outcomes, end),
  }),
  mutant('settle: done effects raise their floors', {
    settle: (record, outcomes, step) =>
      change(settle(record, outcomes, step), after => ({ ...without(after, 'planned'), floors: record.floors })),
  }),
  mutant('settle: an unknown outcome makes unsure', {
    settle: (record, outcomes, step) =>
      change(settle(record, outcomes, step), after => ({
        ...after,
        lane: after.lane.map(entry => sureAgain(record, entry)),
        dead: after.dead.map(entry => sureAgain(record, entry)),
      })),
  }),
  mutant('redrive: unsure stays', {
    redrive: (record, ids, options) =>
      change(redrive(record, ids, options), after => ({
        ...after,
        lane: after.lane.map(({ unsure, ...entry }) => (unsure && !ids.has(entry.id) ? { ...entry, unsure } : entry)),
      })),
  }),
  mutant('redrive: the order wakes', {
    redrive: (record, ids, options) =>
      change(redrive(record, ids, options), after => ({
        ...without(after, 'wake_at'),
        ...(record.wake_at !== undefined && { wake_at: record.wake_at }),
      })),
  }),
]

function mutant(name: string, changed: Partial<Protocol>): Mutant {
  return { name, protocol: { ...production, ...changed } }
}
