import {
  isUsableEventName,
  isUsableId,
  type JsonObject,
  ruleOf,
  type SourceCatalogue,
  valueAt,
} from '@hookline/contracts'

/** What a body says that it is about. Null: it does not say it, or not in a usable form. */
interface NamesIn {
  readonly event: string | null
  readonly order_id: string | null
}

const NONE: NamesIn = { event: null, order_id: null }

/** Reads any bytes and never throws: they may be a stranger's, or only a part. */
export function namesIn(catalogue: SourceCatalogue | undefined, body: Buffer): NamesIn {
  const object = parsed(body)
  if (catalogue === undefined || object === undefined) return NONE
  const event = valueAt(object, catalogue.eventAt)
  if (typeof event !== 'string' || !isUsableEventName(event)) return NONE
  const found = ruleOf(catalogue, event).orderIdAt.map(path => valueAt(object, path))
  const id = found.find(one => one !== undefined && one !== null)
  return { event, order_id: typeof id === 'string' && isUsableId(id) ? id : null }
}

function parsed(body: Buffer): JsonObject | undefined {
  try {
    // where it is no object, nothing is found in it
    const value: JsonObject = JSON.parse(body.toString())
    return value
  } catch {
    return undefined
  }
}
