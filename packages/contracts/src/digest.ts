import { hash } from 'node:crypto'
import { canonical } from './canonical.ts'
import { catalogueOf } from './catalogues.ts'
import { isObject, type JsonObject, valueAt } from './path.ts'
import type { SourceCatalogue } from './source-catalogue.ts'
import type { WebhookEvent } from './webhook-event.ts'

/** SHA-256, hex, over the canonical JSON (RFC 8785) of the root fields that are the same in every retry. */
export function digestOfStableFields(source: SourceCatalogue, body: JsonObject): string {
  const stable: Record<string, unknown> = {}
  // a field that is not there is undefined, and left out
  for (const name of source.stableFields) stable[name] = body[name]
  return digestOf(stable)
}

/**
 * 32 hex characters over the object that the event carries, without the event's own time: two events that differ in
 * nothing but their stamp have the same. It marks a suspected repeat; it is no part of the identity.
 */
export function orderDigest(event: Pick<WebhookEvent, 'source' | 'body'>): string {
  const body: unknown = JSON.parse(event.body)
  const source = catalogueOf(event.source)
  const carried = source && isObject(body) ? valueAt(body, source.subjectAt) : body
  return digestOf(carried ?? null).slice(0, 32)
}

function digestOf(value: unknown): string {
  return hash('sha256', canonical(value), 'hex')
}
