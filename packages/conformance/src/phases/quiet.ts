import { waitFor } from '@hookline/local'
import { ProcessEnded } from '../stage/instances.ts'
import { isComplete } from '../checks/judge.ts'
import { order, publish, requestsOf, type Suite } from '../suite.ts'

/** Whoever does not come to rest in so long, milliseconds, has a loop. */
const LIMIT_MS = 180_000
const EVERY_MS = 100

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
  const over = async () => {
    if (complete()) return true
    const count = requestsOf(suite).length + suite.stage.targets.recorder.refused
    const busy = count !== seen || (await work(suite)) !== ''
    if (busy) {
      seen = count
      sinceMs = performance.now()
      return undefined
    }
    // who has the kit says itself that nothing is to come; of anybody else only patience can tell
    return suite.kit.present || performance.now() - sinceMs > suite.patienceMs ? true : undefined
  }
  await wait(suite, 'the end of its work', over)
  await quiet(suite)
}

/** Waits until each of these orders has come through, or nothing comes any more. */
export function through(suite: Suite, orders: readonly Parameters<typeof requestsOf>[1][]): Promise<void> {
  return settled(suite, () =>
    orders.every(one => one === undefined || isComplete(one, suite.reference.dues(one), requestsOf(suite, one))),
  )
}

async function atRest(suite: Suite): Promise<void> {
  let left = ''
  const ask = async () => {
    left = await work(suite)
    return left === '' ? true : undefined
  }
  await wait(suite, 'rest', ask).catch(cause => {
    suite.signal.throwIfAborted()
    if (cause instanceof ProcessEnded) throw cause
    throw new Error(`${suite.declared.name} does not come to rest: ${left}`, { cause })
  })
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

function wait(suite: Suite, what: string, ask: () => Promise<true | undefined>): Promise<true> {
  const asked = () => {
    suite.stage.instances.throwIfEnded()
    return ask()
  }
  const giveUp = (error: unknown) => suite.signal.aborted || error instanceof ProcessEnded
  return waitFor(what, asked, { limitMs: LIMIT_MS, everyMs: EVERY_MS, signal: suite.signal, giveUp })
}
