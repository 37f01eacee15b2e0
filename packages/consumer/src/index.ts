export { type Consuming, consume } from './consume.ts'
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
  Inside,
  NewEvent,
  OrderKey,
  Orders,
  OrderWrite,
  RawRecord,
  RecordSource,
  ServerClock,
  Transactions,
} from './ports.ts'
export { effectKey } from './effect-key.ts'
export { ofOrderKey, orderKeyOf } from './entry.ts'
export type { LoopPorts } from './loop.ts'
export type { Counter, EventLine, Labels, Observer } from './observer.ts'
export { creatingEvent, type Route, route } from './route.ts'
export { reached, type Step, STEPS } from './steps.ts'
export { defaultSettings, type Settings } from './settings.ts'
export { DEAD_LETTER_REASONS } from './ports.ts'
export { DEAD_REASONS, type EffectState } from '@hookline/delivery'
