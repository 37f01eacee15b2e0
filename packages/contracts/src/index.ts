export {
  type HcBody,
  type HcData,
  type PointsBody,
  type PointsOrder,
  parseBody,
  parseHcBody,
  parsePointsBody,
} from './body.ts'
export { catalogueOf, catalogues, type SourceName } from './catalogues.ts'
export { orderDigest } from './digest.ts'
export { readEvent, type WebhookRequest } from './read-event.ts'
export type { Quarantine, QuarantineCode, ReadResult, Refused, RefusedCode } from './read-result.ts'
export {
  decodeRecord,
  type EncodedRecord,
  encodeRecord,
  RECORD_CONTENT_TYPE,
  type UnreadableCode,
  UnreadableRecord,
} from './record.ts'
export { type EventRule, type Path, ruleOf, type SourceCatalogue } from './source-catalogue.ts'
export { parseTime } from './time.ts'
export { identityOf, type WebhookEvent } from './webhook-event.ts'
