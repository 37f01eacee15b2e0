import { catalogues, isSourceName } from './catalogues.ts'
import type { HcOther } from './hc-body.ts'
import { parseEvent } from './parse-event.ts'
import { isObject, type JsonObject } from './path.ts'
import type { PointsOrder } from './points-body.ts'
import type { WebhookEvent } from './webhook-event.ts'

/** @deprecated use `parseEvent` */
export function parsePointsBody(event: Pick<WebhookEvent, 'body'>): JsonObject & { readonly order: PointsOrder } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `parseEvent` checked it
  return parseAs('points', event) as JsonObject & { readonly order: PointsOrder }
}

/** @deprecated use `parseEvent` */
export function parseHcBody(event: Pick<WebhookEvent, 'body'>): JsonObject & { readonly data: HcOther } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `parseEvent` checked it
  return parseAs('hc', event) as JsonObject & { readonly data: HcOther }
}

/** @deprecated use `parseEvent` */
export function parseBody(event: Pick<WebhookEvent, 'source' | 'body'>): JsonObject {
  return parseAs(event.source, event)
}

/** An unknown name: of HC's subjects only what all have is checked, as it was. */
function parseAs(source: string, { body }: Pick<WebhookEvent, 'body'>): JsonObject {
  const none = { order_id: '', occurrence: '', version: '', last_webhook_at: '', received_at: '', headers: {} }
  const { data, subject } = parseEvent({ source, event: 'any', body, ...none })
  const at = isSourceName(source) ? catalogues[source].subjectAt[0] : undefined
  return at === undefined || !isObject(data) ? subject : { ...data, [at]: subject }
}
