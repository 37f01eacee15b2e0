import { identityOf, type WebhookEvent } from '@hookline/contracts'

/** What must be in a database when all is handled. */
export interface Expected {
  /** Takes the events of a round, of which some may come twice; those of other rounds are others. */
  add(events: readonly WebhookEvent[]): void
  /** Different ones, of all rounds. */
  readonly events: () => number
  /** By order, the version of the newest one. */
  readonly newest: ReadonlyMap<string, string>
}

export function expected(): Expected {
  const newest = new Map<string, string>()
  let count = 0
  return {
    add(events) {
      count += new Set(events.map(identityOf)).size
      for (const { source, order_id, version } of events) {
        const key = `${source}:${order_id}`
        if (version > (newest.get(key) ?? '')) newest.set(key, version)
      }
    },
    events: () => count,
    newest,
  }
}
