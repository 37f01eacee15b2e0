import type { WebhookEvent } from './webhook-event.ts'

/** The media type of a record's value, and its only header besides `traceparent`. */
export const RECORD_CONTENT_TYPE = 'application/cloudevents+json'

/** An event as Kafka takes it. */
export interface EncodedRecord {
  /** The order id. */
  readonly key: string
  readonly value: Buffer
  readonly headers: Record<string, string>
}

export type UnreadableCode =
  | 'empty'
  | 'not_utf8'
  | 'not_json'
  | 'not_cloudevents'
  | 'invalid_attribute'
  | 'invalid_data'

/** A record that no consumer can make an event of. Its message never holds a part of the record. */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord'
  readonly code: UnreadableCode
  constructor(code: UnreadableCode, message: string) {
    super(message)
    this.code = code
  }
}

export function encodeRecord(_event: WebhookEvent): EncodedRecord {
  throw new Error('not written yet')
}

/** @throws {UnreadableRecord} and nothing else, for any bytes. */
export function decodeRecord(_value: Buffer | null): WebhookEvent {
  throw new Error('not written yet')
}
