export { defineConsumer, effect } from './define-consumer.ts'
export type {
  Consumer,
  ConsumerDefinition,
  Done,
  Effect,
  EventPatterns,
  HandledEvent,
  Handler,
  HandlerContext,
  HandlerLog,
} from './define-consumer.ts'
export { EffectError, Outage, Permanent, Retryable, Unknown } from './errors.ts'
export type { EffectErrorOptions } from './errors.ts'
export type {
  Accepted,
  DeadLetterReason,
  DeadLetters,
  Fact,
  Inbox,
  InboxEvent,
  InboxState,
  NewEvent,
  OrderKey,
  Orders,
  OrderWrite,
  RawRecord,
  RecordSource,
  ServerClock,
} from './ports.ts'
