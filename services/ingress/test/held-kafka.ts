/** A publisher whose Kafka answers when the test says so. */
export function heldKafka() {
  const waiting: { key: string; stored: () => void }[] = []
  let arrived = () => {}
  return {
    publish: (_topic: string, { key }: { key: string }) =>
      new Promise<void>(resolve => {
        waiting.push({ key, stored: resolve })
        arrived()
      }),
    /** When this many records wait. */
    async holds(count: number): Promise<typeof waiting> {
      while (waiting.length < count) await new Promise<void>(resolve => (arrived = resolve))
      return waiting
    },
    storeAll: () => {
      for (const { stored } of waiting.splice(0)) stored()
    },
  }
}
