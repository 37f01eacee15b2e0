/** How long the event loop may be held up by what is short, or as long as by all else; one long piece of work may follow. */
const TURN_MS = 5

/** Larger bodies may take longer than that. */
const LONG_BYTES = 65_536

/**
 * Spreads work over turns of the event loop. Fifty large bodies that arrive together would otherwise be read in one go,
 * and nobody else would be answered for a second. Each turn does short work first, and one long piece at most.
 */
export interface Turns {
  /** Does the work now where there is time, else in a later turn. Rejects with what it throws. `bytes`: how much it is about. */
  readonly take: <Result>(work: () => Result, bytes: number) => Promise<Result>
  /** As `take`: all steps in one go, but each in a turn of its own where it is about much. */
  readonly takeSteps: <Result>(steps: Steps<Result>, bytes: number) => Promise<Result>
  /** Undefined while this turn has time left; else resolves in the next one. */
  readonly next: () => Promise<void> | undefined
}

/** Work that may stop at each `yield`; what it returns is its result. */
export type Steps<Result> = Iterator<undefined, Result>

/** `clock`: milliseconds that only grow. */
export function turns(clock: () => number = () => performance.now()): Turns {
  const short: (() => void)[] = []
  const long: (() => void)[] = []
  let following: PromiseWithResolvers<void> | undefined
  /** Undefined: nothing has been done for a whole turn. */
  let beganMs: number | undefined
  let turnMs = TURN_MS
  /** When the last turn's own work was done. */
  let doneMs: number | undefined

  function isOver(): boolean {
    if (beganMs === undefined) {
      beganMs = clock()
      turnMs = TURN_MS
      setImmediate(turn)
    }
    return clock() - beganMs >= turnMs
  }

  function turn(): void {
    const idle = short.length === 0 && long.length === 0 && following === undefined
    if (idle) return void (beganMs = doneMs = undefined)
    beganMs = clock()
    // to refuse what is too much takes time as well: work that was let in would get next to none, and nothing be stored
    turnMs = Math.max(TURN_MS, beganMs - (doneMs ?? beganMs))
    // one that is set from here runs in the next turn, after what has arrived meanwhile
    setImmediate(turn)
    following?.resolve()
    following = undefined
    while (short.length > 0 && !isOver()) short.shift()?.()
    long.shift()?.()
    doneMs = clock()
  }

  async function take<Result>(work: () => Result, bytes: number): Promise<Result> {
    const queue = bytes > LONG_BYTES ? long : short
    if (!isOver() && queue.length === 0) return work()
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    queue.push(() => {
      try {
        resolve(work())
      } catch (error) {
        reject(error)
      }
    })
    return promise
  }

  async function oneByOne<Result>(steps: Steps<Result>, bytes: number): Promise<Result> {
    let step = await take(() => steps.next(), bytes)
    while (!step.done) step = await take(() => steps.next(), bytes)
    return step.value
  }

  return {
    take,
    takeSteps: (steps, bytes) => (bytes > LONG_BYTES ? oneByOne(steps, bytes) : take(() => finished(steps), bytes)),
    next() {
      if (!isOver()) return undefined
      following ??= Promise.withResolvers()
      return following.promise
    },
  }
}

function finished<Result>(steps: Steps<Result>): Result {
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}
