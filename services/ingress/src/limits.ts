/** Body of one request. */
export const MAX_BODY_BYTES = 1_048_576

/** The largest record: a body, and around it what the ingress adds and the headers that are kept. */
export const MAX_RECORD_BYTES = MAX_BODY_BYTES + 65_536

/** All header fields of one request; above it 431. */
export const MAX_HEADER_BYTES = 16_384

/** From a request's first byte to its last. */
export const REQUEST_TIMEOUT_MS = 10_000

/** How often Node looks for requests that are too slow. */
export const TIMEOUT_CHECK_MS = 1_000

/** Longer than a load balancer keeps an idle connection, or it would send into one that we are closing. */
export const KEEP_ALIVE_MS = 72_000

/**
 * How much longer than that, which clients are told, an idle connection stays. A client that is busy sees late that its
 * time is over: with Node's second of spare a burst of a thousand requests met connections that were just closed.
 */
export const KEEP_ALIVE_SPARE_MS = 30_000

/** Connections that wait to be taken while the process is busy. With Node's 511 a burst of new ones waits for seconds. */
export const MAX_WAITING_CONNECTIONS = 4_096

/**
 * Requests that a connection may send before the first of them is answered. One read of 64 KiB holds two thousand small
 * ones, and nothing else would happen until all of them are handled.
 */
export const MAX_SENT_AHEAD = 100

/** How long Kafka is waited for: the first 503 has to leave well before the shortest of the senders' time-outs, 10 s. */
export const PUBLISH_TIMEOUT_MS = 4_000

/** `Retry-After` while Kafka does not store records. */
export const UNAVAILABLE_RETRY_S = 5

/** `Retry-After` when more is in flight than the limits allow. */
export const OVERLOADED_RETRY_S = 1

/** `Retry-After` while a secret is rotated: by then the ingress may know it. */
export const ROTATING_RETRY_S = 60

/** `Retry-After` when no more verified requests can be kept: room comes back slowly. */
export const QUARANTINE_FULL_RETRY_S = 60

/** What is kept of a body that was not verified; a stranger may have sent it. Webhooks are far smaller. */
export const MAX_UNVERIFIED_COPY_BYTES = 65_536

/** Requests that are kept instead of handled. */
export const REJECTED_TOPIC = 'webhook.rejected'
