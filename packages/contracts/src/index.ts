export { parseEvent } from './parse-event.ts'
export { isFullRefund } from './full-refund.ts'
export type { EventFor, EventOf, ParsedEvent } from './event-of.ts'
export { type BodySchemas, bodySchemas } from './body-schemas.ts'
export { HcBody, HcFulfillment, HcOrder, HcOther, HcRefund, HcReturn } from './hc-body.ts'
export { type JsonObject, valueAt } from './path.ts'
export { PointsBody, PointsOrder } from './points-body.ts'
export { catalogueOf, catalogues, type SourceName } from './catalogues.ts'
export { orderDigest } from './digest.ts'
export { keptHeaders } from './kept-headers.ts'
export { parseBody, readEvent, readParsed, type WebhookRequest } from './read-event.ts'
export type { Quarantine, QuarantineCode, ReadResult, Refused, RefusedCode } from './read-result.ts'
export { type Refusal, refusalsOf } from './refusals.ts'
export {
  decodeRecord,
  type EncodedRecord,
  encodeRecord,
  encodeWithBody,
  RECORD_CONTENT_TYPE,
} from './record.ts'
export { type EventRule, type Path, ruleOf, type SourceCatalogue, type Subject } from './source-catalogue.ts'
export { parseTime } from './time.ts'
export { type UnreadableCode, UnreadableRecord } from './unreadable-record.ts'
export { isUsableEventName, isUsableId } from './usable.ts'
export { identityOf, type WebhookEvent } from './webhook-event.ts'
export { bodiesOf, bodySchemaName } from './asyncapi/bodies.ts'
export { catalogueEvents } from './asyncapi/catalogue-events.ts'
export { asyncapiDocument, CONTRACT_VERSION, type Senders } from './asyncapi/document.ts'
export { ContractDocument } from './asyncapi/document-schema.ts'
export type { HandledBy } from './asyncapi/handled-by.ts'
export { breakingChanges } from './compatibility/breaking-changes.ts'
export type { BreakingChange, Change, ChangeKind } from './compatibility/change.ts'
