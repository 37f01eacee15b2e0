import { progress } from '@hookline/delivery'
import type { Todo } from './attempt.ts'
import { type Attempted, doneWith } from './attempted.ts'
import type { Done } from './effect.ts'
import { EffectError } from './errors.ts'
import type { Lane } from './lane.ts'
import type { Loop } from './loop.ts'
import { newState } from './new-state.ts'
import { nameAndPlace, outcomeOf } from './outcome-of.ts'
import type { Inside } from './ports.ts'
import { reached } from './steps.ts'

/** The order is somebody else's by now. */
class ClaimLost extends Error {}

/**
 * The effect is in the service's own database: it commits together with what says that it is done, in the order record, and
 * in the inbox where it is the last of its event. So it happens exactly once, whoever dies when.
 */
export async function inTransaction(
  loop: Loop,
  lane: Lane,
  todo: Todo,
  handle: (transaction: unknown) => Promise<void | Done>,
): Promise<Attempted> {
  try {
    const attempted = await lane.lease.undisturbed(() =>
      loop.transactions.run(inside => settleInside(inside, { lane, todo, handle })),
    )
    reached('progress_stored')
    return attempted
  } catch (error) {
    return rolledBack(loop, error)
  }
}

async function settleInside(
  { orders, inbox, handle: transaction }: Inside,
  { lane, todo, handle }: { lane: Lane; todo: Todo; handle: (transaction: unknown) => Promise<void | Done> },
): Promise<Attempted> {
  const { key, token } = lane.lease
  const { entry, effect, floors } = todo
  await lane.lease.refresh() // before the first read, with which the transaction begins
  const before = (await orders.read([key])).get(key)
  const wanted = before ? progress(before, { id: entry.id, effect: effect.name }, token) : 'lost'
  if (!before || wanted === 'lost') throw new ClaimLost()
  if (wanted === 'stored')
    return doneWith(undefined, effect.floor === undefined ? undefined : before.floors[effect.floor]?.state)
  const done = await handle(transaction)
  const state = newState(done, effect, floors)
  const after = progress(before, { id: entry.id, effect: effect.name, ...(state && { state }) }, token)
  if (after === 'lost' || after === 'stored') throw new ClaimLost()
  const left = after.lane.find(({ id }) => id === entry.id)
  const note = done?.note ?? lane.notes.get(entry.id)
  if (left?.effects.length === 0) {
    await inbox.finish([{ ids: [entry.id], state: 'done', ...(note !== undefined && { note }) }])
  }
  if ((await orders.write([{ key, before, after }])) !== 1) throw new ClaimLost()
  reached('effect_ended')
  return doneWith(done, state)
}

/**
 * Nothing was done, or the answer is missing: then the next write of the record finds what is true. So none of it is
 * `unknown`, unless the handler says so of something else that it did.
 */
function rolledBack({ store }: Loop, error: unknown): Attempted {
  if (error instanceof EffectError) return { outcome: outcomeOf(error) }
  if (error instanceof ClaimLost) return { outcome: { kind: 'retry', message: 'the claim was lost: rolled back' } }
  if (error instanceof Error && 'retry' in error && error.retry === true) {
    store.failed(error)
    return { outcome: { kind: 'outage', message: 'the database did not answer' } }
  }
  return { outcome: { kind: 'retry', message: `rolled back: ${codeOf(error) ?? nameAndPlace(error)}` } }
}

/** The database's word for what it refused, where that is what was thrown: the place would be one in its adapter. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('retry' in error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? `${error.name} ${error.code}` : undefined
}
