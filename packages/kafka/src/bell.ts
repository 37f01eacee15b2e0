/** Wakes whoever waits; a ring that nobody waits for is lost, so look before you wait. */
export interface Bell {
  ring(): void
  /** Resolves at the next ring, or after `limitMs` where it is given. */
  wait(limitMs?: number): Promise<void>
}

export function bell(): Bell {
  let waiting = Promise.withResolvers<void>()
  return {
    ring() {
      waiting.resolve()
      waiting = Promise.withResolvers()
    },
    async wait(limitMs) {
      const rung = waiting
      if (limitMs === undefined) return await rung.promise
      const timer = setTimeout(rung.resolve, limitMs)
      await rung.promise
      clearTimeout(timer)
    },
  }
}
