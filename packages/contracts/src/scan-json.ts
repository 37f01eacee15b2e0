/** An object of the body that decides something, and those of its members that do too. Its keys must be unique. */
export interface DecidingObject {
  /** Where its number of members is counted. */
  readonly index: number
  readonly members: readonly { readonly name: string; readonly object: DecidingObject }[]
}

export type ScanFault = 'too_deep' | 'too_many_values' | 'number_out_of_range' | 'forbidden_key'

export const MAX_DEPTH = 32
/** Objects, arrays and commas together: far above any order, and walked in a few milliseconds. */
export const MAX_VALUES = 10_000

/** Shorter numbers without an exponent are always finite. */
const SURELY_FINITE_LENGTH = 300

const QUOTE = 0x22
const COMMA = 0x2c
const PLUS = 0x2b
const MINUS = 0x2d
const DOT = 0x2e
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const UPPER_E = 0x45
const LOWER_E = 0x65
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * Walks a text once, as if it were JSON, before it is parsed: what it lets through can be parsed, walked and written
 * again without deep recursion, poisoned prototypes or infinite numbers. Whether it is JSON at all, `JSON.parse` says.
 * `counts[index]` becomes the number of members of each deciding object as written, repeated keys included.
 *
 * The libraries against poisoned prototypes look at the parsed value, which is too late for depth and for repeated
 * keys; so one walk of our own does everything.
 */
export function scanJson(text: string, root: DecidingObject, counts: number[]): ScanFault | undefined {
  let depth = 0
  let values = 0
  // of these two, bit `depth` tells of the container at that depth; 32 of them fit, and depth 32 takes bit 0
  let objects = 0
  let constructors = 0
  const deciding: (DecidingObject | undefined)[] = []
  let keyExpected = false
  // what the last key says about the container that may follow
  let nextDeciding: DecidingObject | undefined = root
  let nextIsConstructor = false

  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    switch (code) {
      case QUOTE: {
        const end = endOfString(text, at + 1)
        if (keyExpected) {
          keyExpected = false
          const key = keyBetween(text, at, end)
          if (isForbidden(key, (constructors & (1 << depth)) !== 0)) return 'forbidden_key'
          nextIsConstructor = key === 'constructor'
          nextDeciding = undefined
          const object = deciding[depth]
          if (object) {
            counts[object.index] = (counts[object.index] ?? 0) + 1
            for (const member of object.members) if (member.name === key) nextDeciding = member.object
          }
        }
        at = end
        break
      }
      case OPEN_OBJECT:
      case OPEN_ARRAY: {
        if (++depth > MAX_DEPTH) return 'too_deep'
        if (++values > MAX_VALUES) return 'too_many_values'
        const bit = 1 << depth
        keyExpected = code === OPEN_OBJECT
        objects = keyExpected ? objects | bit : objects & ~bit
        constructors = keyExpected && nextIsConstructor ? constructors | bit : constructors & ~bit
        deciding[depth] = keyExpected ? nextDeciding : undefined
        nextDeciding = undefined
        nextIsConstructor = false
        break
      }
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        if (depth > 0) depth--
        break
      case COMMA:
        if (++values > MAX_VALUES) return 'too_many_values'
        keyExpected = (objects & (1 << depth)) !== 0
        nextDeciding = undefined
        nextIsConstructor = false
        break
      default:
        if (code === MINUS || (code >= DIGIT_0 && code <= DIGIT_9)) {
          const end = endOfNumber(text, at + 1)
          if (isInfinite(text, at, end)) return 'number_out_of_range'
          at = end - 1
        }
    }
  }
  return undefined
}

/** The place of the closing quote, or the text's length. */
function endOfString(text: string, from: number): number {
  // many times faster than the loop, which is for texts that have quotes in them
  const quote = text.indexOf('"', from)
  if (quote === -1) return text.length
  if (!isEscaped(text, quote, from)) return quote
  let at = quote + 1
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at
    at += code === BACKSLASH ? 2 : 1
  }
  return text.length
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, quote: number, from: number): boolean {
  let at = quote
  while (at > from && text.charCodeAt(at - 1) === BACKSLASH) at--
  return (quote - at) % 2 === 1
}

/** A key as the parser will have it: `"\\u005f_proto__"` is one as well. */
function keyBetween(text: string, quote: number, end: number): string {
  const raw = text.slice(quote + 1, end)
  if (!raw.includes('\\')) return raw
  try {
    return String(JSON.parse(text.slice(quote, end + 1)))
  } catch {
    return raw
  }
}

function isForbidden(key: string, inConstructor: boolean): boolean {
  return key === '__proto__' || key === 'constructor.prototype' || (inConstructor && key === 'prototype')
}

function endOfNumber(text: string, from: number): number {
  let at = from
  while (isPartOfNumber(text.charCodeAt(at))) at++
  return at
}

function isPartOfNumber(code: number): boolean {
  return (code >= DIGIT_0 && code <= DIGIT_9) || code === DOT || code === PLUS || code === MINUS || isExponent(code)
}

function isExponent(code: number): boolean {
  return code === UPPER_E || code === LOWER_E
}

function isInfinite(text: string, start: number, end: number): boolean {
  let suspicious = end - start > SURELY_FINITE_LENGTH
  for (let at = start; at < end && !suspicious; at++) suspicious = isExponent(text.charCodeAt(at))
  return suspicious && Math.abs(Number(text.slice(start, end))) === Number.POSITIVE_INFINITY
}
