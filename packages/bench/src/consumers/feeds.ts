import type { WebhookEvent } from '@hookline/contracts'
import { seededRandom } from '@hookline/local'
import { pointsEvents } from '../records/points-orders.ts'
import { repeated } from '../records/repeats.ts'
import { skewedEvents } from '../records/skewed-orders.ts'

/** The events of a round of so many records, as they are sent; no two rounds have an order in common. */
export type Feed = (records: number) => readonly WebhookEvent[]

export function lifelike(seed: number): Feed {
  const random = seededRandom(seed)
  return records => pointsEvents(records, random, Date.now())
}

export function skewed(seed: number): Feed {
  const random = seededRandom(seed)
  return records => skewedEvents(records, random, Date.now())
}

/** Half of its records are repeats. */
export function twice(feed: Feed, seed: number): Feed {
  const random = seededRandom(seed)
  return records => repeated(feed(records / 2), random)
}
