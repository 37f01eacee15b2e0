export const ID = /^[A-Za-z0-9_.:-]{1,128}$/
export const EVENT_NAME = /^[a-z][a-z0-9_.]{0,63}$/
export const SOURCE_NAME = /^[a-z][a-z0-9-]{0,31}$/

/** Looked up in a set: `in` has to make each id a name first, which costs as much as the rest. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype))

/**
 * An id that may be a key, a part of a path and a label without escaping: `[A-Za-z0-9_.:-]{1,128}`, but not `.` and
 * `..`, which a URL drops, nor a name that every JavaScript object has, such as `__proto__` or `toString`.
 */
export function isUsableId(text: string): boolean {
  return ID.test(text) && text !== '.' && text !== '..' && !INHERITED.has(text)
}

/** `[a-z][a-z0-9_.]{0,63}` */
export function isUsableEventName(text: string): boolean {
  return EVENT_NAME.test(text)
}

/** `[a-z][a-z0-9-]{0,31}` */
export function isUsableSourceName(text: string): boolean {
  return SOURCE_NAME.test(text)
}
