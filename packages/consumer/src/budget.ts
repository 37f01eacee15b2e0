/** What this instance holds in memory: claimed orders and the bytes of their events. */
export interface Budget {
  take(bytes: number): void
  giveBack(bytes: number): void
  taken(): number
  /** Orders that may still be claimed. */
  left(): number
  /** Resolves when there is room for a slice. Rejects when the service ends. */
  free(): Promise<void>
  /** Resolves when nothing is taken. */
  empty(): Promise<void>
}

export function budget(limit: { count: number; bytes: number }, ending: AbortSignal): Budget {
  let count = 0
  let bytes = 0
  let changed = Promise.withResolvers<void>()
  const wake = () => {
    changed.resolve()
    changed = Promise.withResolvers<void>()
  }
  ending.addEventListener('abort', wake, { once: true })
  return {
    take(more) {
      count += 1
      bytes += more
    },
    giveBack(less) {
      count -= 1
      bytes -= less
      wake()
    },
    taken: () => count,
    left: () => (bytes < limit.bytes ? Math.max(0, limit.count - count) : 0),
    async free() {
      while (count >= limit.count || bytes >= limit.bytes) {
        ending.throwIfAborted()
        await changed.promise
      }
    },
    async empty() {
      while (count > 0) await changed.promise
    },
  }
}
