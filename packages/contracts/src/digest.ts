import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { catalogueOf } from './catalogues.ts'
import { isObject, type JsonObject, valueAt } from './path.ts'
import type { SourceCatalogue } from './source-catalogue.ts'
import type { WebhookEvent } from './webhook-event.ts'

/** SHA-256, hex, over the canonical JSON (RFC 8785) of the root fields that are the same in every retry. */
export function digestOfStableFields(source: SourceCatalogue, body: JsonObject): string {
  // a field that is not there is undefined, and left out
  const stable = Object.fromEntries(source.stableFields.map(name => [name, body[name]]))
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

function canonical(value: unknown): string {
  try {
    return canonicalize(value) ?? ''
  } catch {
    return canonicalOfHalfPairs(value) ?? ''
  }
}

/**
 * RFC 8785 has no form for half a surrogate pair. A name that its shop cut inside an emoji must not lose the order: such
 * a text is written as the JSON that JavaScript has for it, and that as a text. All else is as the RFC has it.
 */
function canonicalOfHalfPairs(value: unknown): string | undefined {
  if (typeof value === 'string') return JSON.stringify(wellFormed(value))
  if (Array.isArray(value)) return `[${value.map(canonicalOfHalfPairs).join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .filter(name => value[name] !== undefined)
    .map(name => ({ name, written: wellFormed(name) }))
    .sort((a, b) => (a.written < b.written ? -1 : 1))
    .map(({ name, written }) => `${JSON.stringify(written)}:${canonicalOfHalfPairs(value[name])}`)
  return `{${members.join()}}`
}

function wellFormed(text: string): string {
  return text.isWellFormed() ? text : JSON.stringify(text)
}
