import type { Path } from './source-catalogue.ts'

/** One JSON object. */
export type JsonObject = { readonly [name: string]: unknown }

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a path leads to; undefined where a part of it is not there or is no object. */
export function valueAt(body: JsonObject, path: Path): unknown {
  let value: unknown = body
  for (const name of path) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return value
}
