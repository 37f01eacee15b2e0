import { catalogues } from '@hookline/contracts'
import { Type } from 'typebox'
import type { Static } from 'typebox'

const SECOND_MS = 1_000
const HOUR_MS = 3_600 * SECOND_MS
const DAY_MS = 24 * HOUR_MS

function duration(defaultMs: number, description: string, minimumMs = 1) {
  return Type.Integer({ default: defaultMs, minimum: minimumMs, description: `${description}, in milliseconds` })
}

/** The variables that every consumer service reads beside the shared ones. */
export const consumerConfig = Type.Object({
  MONGODB_URI: Type.String({ pattern: '^mongodb(\\+srv)?://', description: 'a replica set; may hold a password' }),
  KAFKA_SESSION_TIMEOUT_MS: duration(30 * SECOND_MS, 'silence after which the group gives partitions away', 1_000),
  LEASE_MS: duration(30 * SECOND_MS, 'how long a claim on an order lasts unless it is renewed', 1_000),
  BACKOFF_MIN_MS: duration(1 * SECOND_MS, 'the first back-off; doubles from there'),
  BACKOFF_MAX_MS: duration(300 * SECOND_MS, 'the longest back-off'),
  OUTAGE_BACKOFF_MAX_MS: duration(30 * SECOND_MS, 'the longest back-off of an outage, which uses up no attempt'),
  DEAD_AFTER_MS: duration(DAY_MS, "an event's own attempts, outages not counted, before it is dead"),
  PARK_MAX_MS: duration(DAY_MS, 'how long an event waits for its order to be known'),
  INBOX_TTL_MS: duration(30 * DAY_MS, 'how long an event that is done or stale is remembered'),
  TOPIC_RETENTION_MS: duration(7 * DAY_MS, "retention.ms of the sources' topics"),
  DEAD_RETENTION_MS: duration(14 * DAY_MS, "retention.ms of the service's dead-letter topic"),
  REQUEST_TIMEOUT_MS: duration(10 * SECOND_MS, "how long a target's answer is waited for"),
})

export type ConsumerConfig = Static<typeof consumerConfig>

/** What is wrong with these values together; empty when nothing is. */
export function consumerProblems(config: ConsumerConfig): string[] {
  const { INBOX_TTL_MS, TOPIC_RETENTION_MS, DEAD_RETENTION_MS, BACKOFF_MIN_MS, BACKOFF_MAX_MS } = config
  const problems: string[] = []
  const retryHorizonMs = Math.max(...Object.values(catalogues).map(catalogue => catalogue.retryHorizonMs))
  const comesBackMs = TOPIC_RETENTION_MS + DEAD_RETENTION_MS + retryHorizonMs
  if (INBOX_TTL_MS <= comesBackMs) {
    // a delivery that comes back after the inbox forgot it would run a second time
    problems.push(
      `INBOX_TTL_MS (${INBOX_TTL_MS}) is not above TOPIC_RETENTION_MS (${TOPIC_RETENTION_MS}) + DEAD_RETENTION_MS (${DEAD_RETENTION_MS}) + the senders' retry horizon (${retryHorizonMs}): set INBOX_TTL_MS above ${comesBackMs}`,
    )
  }
  if (BACKOFF_MIN_MS > BACKOFF_MAX_MS) {
    problems.push(`BACKOFF_MIN_MS (${BACKOFF_MIN_MS}) is above BACKOFF_MAX_MS (${BACKOFF_MAX_MS}): set it lower`)
  }
  return problems
}
