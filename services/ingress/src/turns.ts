/** What is done at once before others get their turn; the largest body takes longer, and is then the only one. */
const TURN_MS = 5

/** Does a piece of work when it is its turn, in the order of the calls. Rejects with what the work throws. */
export type InTurn = <Result>(work: () => Result) => Promise<Result>

/**
 * Spreads work over turns of the event loop. Fifty large bodies that arrive together would be read in one go, and
 * nobody else would be answered for a second. `clock`: milliseconds that only grow.
 */
export function turns(clock: () => number = () => performance.now()): InTurn {
  const waiting: (() => void)[] = []
  let spentMs = 0
  let nextIsDue = false

  function timed<Result>(work: () => Result): Result {
    const startedMs = clock()
    try {
      return work()
    } finally {
      spentMs += clock() - startedMs
    }
  }

  function next(): void {
    nextIsDue = false
    spentMs = 0
    while (spentMs < TURN_MS) {
      const work = waiting.shift()
      if (work === undefined) return
      work()
    }
    look()
  }

  function look(): void {
    if (nextIsDue) return
    nextIsDue = true
    // one that is set from within `next` runs in the next turn of the loop, after what has arrived meanwhile
    setImmediate(next)
  }

  return async work => {
    look()
    if (spentMs < TURN_MS && waiting.length === 0) return timed(work)
    const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof work>>()
    waiting.push(() => {
      try {
        resolve(timed(work))
      } catch (error) {
        reject(error)
      }
    })
    return promise
  }
}
