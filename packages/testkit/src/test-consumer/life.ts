/** One process, as far as a test can have several: when it is over, nothing goes out from it and nothing comes back to it. */
export interface Life {
  isOver(): boolean
  end(): void
  /** Sends, and gives the answer. Never settles where the process is over by then. */
  back<T>(send: () => T | Promise<T>): Promise<T>
}

export function newLife(): Life {
  let over = false
  const never = new Promise<never>(() => {})
  return {
    isOver: () => over,
    end() {
      over = true
    },
    async back(send) {
      if (over) return await never
      try {
        return await send()
      } finally {
        if (over) await never
      }
    },
  }
}
