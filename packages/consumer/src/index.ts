export { type Consuming, consume } from './consume.ts'
export { defineConsumer } from './define-consumer.ts'
export type { Consumer, ConsumerDefinition, ConsumerService, ServiceDefinition } from './define-consumer.ts'
export { effect } from './effect.ts'
export type { EventFor, EventOf, HcFulfillment, HcOrder, HcRefund, HcReturn, PointsOrder } from '@hookline/contracts'
export type {
  CatalogueEvent,
  Done,
  Effect,
  EffectDeclaration,
  EventPatterns,
  HandledEvent,
  Handler,
  HandlerContext,
  HandlerLog,
} from './effect.ts'
export { partOf } from './part-of.ts'
export {
  type Clients,
  type Target,
  type TargetClient,
  type TargetParts,
  type Targets,
  variableName,
} from './targets.ts'
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
export { type Undescribed, undescribed } from './undescribed.ts'
export { reached, type Step, STEPS } from './steps.ts'
export { defaultSettings, type Settings } from './settings.ts'
export { DEAD_LETTER_REASONS } from './ports.ts'
export { DEAD_REASONS, type EffectState } from '@hookline/delivery'
