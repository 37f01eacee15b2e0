import { type Entry, type Floors, type LaneEffect, type Outcome, progress } from '../../src/index.ts'
import { checkHanded, handedTo, returnedBy } from './kept-state.ts'
import type { Lane } from './effects.ts'
import { gap, type Site, type Steps } from './instance.ts'
import { StoreError } from './store.ts'
import { answerOf } from './target.ts'
import type { ModelEvent } from './workload.ts'

/** E in the service's own database: the effect, the order record and, after the last effect, the inbox change as one. */
export function* inTransaction(
  site: Site,
  lane: Lane,
  what: { entry: Entry; effect: LaneEffect; event: ModelEvent; floors: Floors },
): Steps<Outcome> {
  try {
    return yield* attempt(site, lane, what)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return { kind: 'outage', message: 'the database did not answer' } // the next write of the record finds what is true
  }
}

function* attempt(
  site: Site,
  lane: Lane,
  { entry, effect, event, floors }: { entry: Entry; effect: LaneEffect; event: ModelEvent; floors: Floors },
): Steps<Outcome> {
  const { world, store, target } = site
  const done = { id: entry.id, effect: effect.name, ...returnedBy(world, event, effect) }
  for (;;) {
    yield
    const before = store.read(lane.order)
    const after = before ? progress(before, done, lane.token) : 'lost'
    if (after === 'lost') return { kind: 'retry', message: 'the claim was lost' }
    if (after === 'stored') return { kind: 'done' }
    checkHanded(site, lane, { event, effect, handed: handedTo(effect, floors) })
    yield // its handler reads and writes
    const answer = answerOf(world, { event, failure: undefined })
    if (answer.kind !== 'done') return answer
    gap(site)
    yield
    const isLast = after.lane.find(({ id }) => id === entry.id)?.effects.length === 0
    const commit = { order: lane.order, before, after, ...(isLast && { done: event.id }) }
    if (store.transact(commit, () => target.execute({ event, effect, token: lane.token }))) {
      world.seen['transaction committed']++
      return { kind: 'done' }
    }
    world.seen['transaction ran again']++
  }
}
