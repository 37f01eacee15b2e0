import { waitFor } from '@hookline/local'
import { ProcessEnded } from '../stage/instances.ts'
import { isComplete } from '../checks/judge.ts'
import { order, publish, requestsOf, type Suite } from '../suite.ts'

/** Whoever does not come to rest in so long, milliseconds, has a loop. */
const LIMIT_MS = 180_000
/** Who has work and shows no sign of it for so long, milliseconds, beside what a slow target takes, does nothing any more. */
const STUCK_MS = 40_000
const EVERY_MS = 100

/** It has work, and does not do it; the message says how much. */
class Stuck extends Error {
  override readonly name = 'Stuck'
}

/**
 * Waits until nothing happens any more that nobody causes: every record is committed, no request is open, and a service with
 * the kit has no event to work on. Without the kit, an order that was published then has to have come through.
 */
export async function quiet(suite: Suite): Promise<void> {
  await atRest(suite)
  if (suite.kit.present) return
  const [reference] = suite.references
  if (reference === undefined) return
  const sentinel = order(suite, reference.cycle)
  await publish(suite, sentinel.source, sentinel.events)
  await atRest(suite)
}

/**
 * Waits until all of it is complete, or until nothing has happened for so long that it will not be any more; then until all is
 * quiet. `complete` is asked often.
 */
export async function settled(suite: Suite, complete: () => boolean): Promise<void> {
  let seen = -1
  let sinceMs = performance.now()
  await wait(suite, async () => {
    if (complete()) return ''
    const count = requestsOf(suite).length + suite.stage.targets.recorder.refused
    const left = await work(suite)
    if (count !== seen || left !== '') {
      seen = count
      sinceMs = performance.now()
      return left || 'a new request'
    }
    // who has the kit says itself that nothing is to come; of anybody else only patience can tell
    return suite.kit.present || performance.now() - sinceMs > suite.patienceMs ? '' : 'something missing'
  })
  await quiet(suite)
}

/** Waits until each of these orders has come through, or nothing comes any more. */
export function through(suite: Suite, orders: readonly Parameters<typeof requestsOf>[1][]): Promise<void> {
  return settled(suite, () =>
    orders.every(one => one === undefined || isComplete(one, suite.reference.dues(one), requestsOf(suite, one))),
  )
}

function atRest(suite: Suite): Promise<void> {
  return wait(suite, () => work(suite))
}

/** What is still to be done, in words; empty where nothing is. */
async function work(suite: Suite): Promise<string> {
  const { kafka, store, targets } = suite.stage
  const open = targets.recorder.open().length
  if (open > 0) return `${open} requests open`
  // before the store: what is behind no longer is in the store
  const behind = await kafka.lag()
  if (behind > 0) return `${behind} records behind`
  const unfinished = suite.kit.present ? await store.unfinished() : ''
  if (unfinished !== '') return unfinished
  return targets.recorder.open().length > 0 ? 'a request was begun' : ''
}

/** Waits until nothing is left. Throws `ProcessEnded`, or `Stuck` where that does not come about. */
async function wait(suite: Suite, leftNow: () => Promise<string>): Promise<void> {
  const { instances, targets } = suite.stage
  let shown = ''
  let sinceMs = performance.now()
  const ask = async () => {
    instances.throwIfEnded()
    const left = await leftNow()
    if (left === '') return true
    const now = `${left} ${requestsOf(suite).length} ${targets.recorder.refused}`
    if (now !== shown) sinceMs = performance.now()
    shown = now
    const idleMs = performance.now() - sinceMs
    if (idleMs > STUCK_MS + suite.slowMs) throw new Stuck(`it does nothing any more, with ${left}`)
    return undefined
  }
  const giveUp = (error: unknown) => suite.signal.aborted || error instanceof ProcessEnded || error instanceof Stuck
  await waitFor('the end of all work', ask, { limitMs: LIMIT_MS, everyMs: EVERY_MS, signal: suite.signal, giveUp })
}
