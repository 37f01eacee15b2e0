// What a team imports to write a consumer. What runs one is `@hookline/service`; what the loop is made of, ./loop-parts.ts.
export { defineConsumer } from './define-consumer.ts'
export type { Consumer, ConsumerDefinition, ConsumerService, ServiceDefinition } from './define-consumer.ts'
export { effect } from './effect.ts'
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
export { EffectError, Outage, Permanent, Retryable, Unknown } from './errors.ts'
export type { EffectErrorOptions } from './errors.ts'
export { partOf } from './part-of.ts'
export { isFullRefund } from '@hookline/contracts'
export type { Clients, Target, TargetClient, TargetParts, Targets } from './targets.ts'
export type { EventFor, EventOf, HcFulfillment, HcOrder, HcRefund, HcReturn, PointsOrder } from '@hookline/contracts'
export type { EffectState, Retries } from '@hookline/delivery'
