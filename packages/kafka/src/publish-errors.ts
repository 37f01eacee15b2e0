/** Why a record was not surely stored. The message names no key and no value. */
export abstract class PublishError extends Error {
  abstract readonly code: PublishErrorCode
  /** Whether the same record may succeed later. */
  abstract readonly retry: boolean
  /** Whether it may be stored all the same, now or soon: publishing it again makes a duplicate, which consumers drop. */
  readonly mayBeStored: boolean

  constructor(message: string, options: { mayBeStored?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = new.target.name
    this.mayBeStored = options.mayBeStored ?? false
  }
}

export type PublishErrorCode =
  | 'publisher_full'
  | 'publisher_closed'
  | 'publish_timeout'
  | 'kafka_unavailable'
  | 'record_too_large'

/** Too many records or bytes wait already; refused at once, to keep memory flat. */
export class PublisherFull extends PublishError {
  readonly code = 'publisher_full'
  readonly retry = true
}

/** The publisher is closing: the process is about to end. */
export class PublisherClosed extends PublishError {
  readonly code = 'publisher_closed'
  readonly retry = true
}

/** No answer within the caller's `timeoutMs`. */
export class PublishTimeout extends PublishError {
  readonly code = 'publish_timeout'
  readonly retry = true
}

/** Kafka is known not to store records of this topic at the moment; refused at once. `cause` is what it met last. */
export class KafkaUnavailable extends PublishError {
  readonly code = 'kafka_unavailable'
  readonly retry = true
}

/** The topic's `max.message.bytes` is too small for this record. */
export class RecordTooLarge extends PublishError {
  readonly code = 'record_too_large'
  readonly retry = false
}
