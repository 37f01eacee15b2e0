import type { TObject } from 'typebox'
import { Compile } from 'typebox/compile'
import { HcBody, HcData } from './hc-body.ts'
import { isObject, type JsonObject } from './path.ts'
import { PointsBody, PointsOrder } from './points-body.ts'
import { UnreadableRecord } from './unreadable-record.ts'
import type { WebhookEvent } from './webhook-event.ts'

/**
 * The body as Points sends it. Every field that was sent is kept, but a documented one that is not of its documented
 * type is left out: it decides nothing, and an odd label must not stop a warehouse. `event.body` has it as sent.
 * @throws {UnreadableRecord} where even the event, its time or the order's id is missing.
 */
export function parsePointsBody(event: Pick<WebhookEvent, 'body'>): PointsBody {
  const body = parsed(event.body)
  const order = isObject(body.order) ? keepTyped(body.order, orderFields) : undefined
  const whole = order && keepTyped({ ...body, order }, pointsFields)
  if (!isPointsBody.Check(whole)) throw new UnreadableRecord('invalid_data')
  return whole
}

/**
 * The body as Headless Commerce sends it, with the same tolerance as `parsePointsBody`.
 * @throws {UnreadableRecord} where the event's id, type, time or data is missing.
 */
export function parseHcBody(event: Pick<WebhookEvent, 'body'>): HcBody {
  const body = parsed(event.body)
  const data = isObject(body.data) ? keepTyped(body.data, dataFields) : undefined
  const whole = data && keepTyped({ ...body, data }, hcFields)
  if (!isHcBody.Check(whole)) throw new UnreadableRecord('invalid_data')
  return whole
}

/**
 * By the event's source; of a source that this project does not know, the fields as they are.
 * @throws {UnreadableRecord}
 */
export function parseBody(event: Pick<WebhookEvent, 'source' | 'body'>): PointsBody | HcBody | JsonObject {
  switch (event.source) {
    case 'points':
      return parsePointsBody(event)
    case 'hc':
      return parseHcBody(event)
    default:
      return parsed(event.body)
  }
}

type FieldChecks = readonly (readonly [name: string, check: (value: unknown) => boolean])[]

const isPointsBody = Compile(PointsBody)
const isHcBody = Compile(HcBody)
const pointsFields = fieldChecks(PointsBody)
const orderFields = fieldChecks(PointsOrder)
const hcFields = fieldChecks(HcBody)
const dataFields = fieldChecks(HcData)

function fieldChecks(schema: TObject): FieldChecks {
  return Object.entries(schema.properties).map(([name, field]) => {
    const validator = Compile(field)
    return [name, (value: unknown) => validator.Check(value)] as const
  })
}

/** The object without those of its documented fields that are not of the documented type. */
function keepTyped(object: JsonObject, fields: FieldChecks): JsonObject {
  const odd = fields.filter(([name, check]) => object[name] !== undefined && !check(object[name]))
  if (odd.length === 0) return object
  return Object.fromEntries(Object.entries(object).filter(([name]) => !odd.some(([field]) => field === name)))
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
