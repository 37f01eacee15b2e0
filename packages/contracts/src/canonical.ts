import { isObject, type JsonObject } from './path.ts'

/** Neither escaped in JSON nor a part of a surrogate pair. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/

/**
 * The canonical JSON (RFC 8785) of a value that JSON has; members that are undefined are left out. The RFC has no form
 * for half a surrogate pair, and a name that its shop cut inside an emoji must not lose the order: such a text is written
 * as the JSON that JavaScript has for it, and that as a text.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (isObject(value)) return canonicalObject(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  // numbers as JavaScript has them are the RFC's
  return JSON.stringify(value)
}

function canonicalObject(value: JsonObject): string {
  let members = ''
  for (const name of namesInOrder(value)) {
    const member = value[name]
    if (member !== undefined) members += `${members === '' ? '' : ','}${quoted(name)}:${canonical(member)}`
  }
  return `{${members}}`
}

function namesInOrder(value: JsonObject): readonly string[] {
  const names = Object.keys(value)
  if (names.every(name => name.isWellFormed())) return names.sort()
  return names.sort((a, b) => (wellFormed(a) < wellFormed(b) ? -1 : 1))
}

function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(wellFormed(text))
}

function wellFormed(text: string): string {
  return text.isWellFormed() ? text : JSON.stringify(text)
}
