// `@hookline/consumer/loop`: the loop over its ports, for what composes, stores, tests and tells of it. Not for handlers.
export { type Consuming, consume } from './consume.ts'
export { effectKey } from './effect-key.ts'
export { ofOrderKey, orderKeyOf } from './entry.ts'
export type { LoopPorts } from './loop.ts'
export { exportName, variableName } from './names.ts'
export type { Counter, EventLine, Labels, Observer } from './observer.ts'
export { DEAD_LETTER_REASONS } from './ports.ts'
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
export { creatingEvent, type Route, route } from './route.ts'
export { defaultSettings, type Settings } from './settings.ts'
export { reached, type Step, STEPS } from './steps.ts'
export { type Undescribed, undescribed } from './undescribed.ts'
export { DEAD_REASONS } from '@hookline/delivery'
