import { type BodySchemas, bodySchemas } from './body-schemas.ts'
import { catalogues, isSourceName, type SourceName } from './catalogues.ts'
import { type Documented, documented } from './documented.ts'
import type { ParsedEvent } from './event-of.ts'
import { isObject, type JsonObject, valueAt } from './path.ts'
import { ruleOf } from './source-catalogue.ts'
import { UnreadableRecord } from './unreadable-record.ts'
import type { WebhookEvent } from './webhook-event.ts'

/**
 * The event with its body parsed, and with what it tells of. Of the subject every field that was sent is kept, but a
 * documented one that is not of its documented type is left out; `data` has it as sent.
 * @throws {UnreadableRecord} where the body, or its subject, has not what its source is certain to send.
 */
export function parseEvent(event: WebhookEvent): ParsedEvent {
  const data = parsed(event.body)
  const { subject, isOrder } = subjectOf(event, data)
  return { ...event, data, subject, order: isOrder ? subject : undefined }
}

function subjectOf({ source, event }: WebhookEvent, data: JsonObject): { subject: JsonObject; isOrder: boolean } {
  if (!isSourceName(source)) return { subject: data, isOrder: false }
  const catalogue = catalogues[source]
  const kind = ruleOf(catalogue, event).subject
  const { body, subjects } = checks[source]
  const found = valueAt(data, catalogue.subjectAt)
  const check = subjects.get(kind)
  const subject = isObject(found) && body(data) ? (check ? check(found) : found) : undefined
  if (subject === undefined) throw new UnreadableRecord('invalid_data')
  return { subject, isOrder: kind === 'order' }
}

const checks: Readonly<Record<SourceName, Checks>> = {
  points: checksOf(bodySchemas.points),
  hc: checksOf(bodySchemas.hc),
}

interface Checks {
  readonly body: Documented<BodySchemas['body']>
  readonly subjects: ReadonlyMap<string, Documented<BodySchemas['body']>>
}

function checksOf({ body, subjects }: BodySchemas): Checks {
  return {
    body: documented(body),
    subjects: new Map(Object.entries(subjects).map(([kind, schema]) => [kind, documented(schema)])),
  }
}

function parsed(body: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new UnreadableRecord('invalid_data')
  }
  if (!isObject(value)) throw new UnreadableRecord('invalid_data')
  return value
}
