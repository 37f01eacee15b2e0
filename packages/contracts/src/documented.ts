import type { Static, TObject } from 'typebox'
import { Compile } from 'typebox/compile'
import type { JsonObject } from './path.ts'

/** An object without its odd fields; undefined where it has not what is required. */
export type Documented<Schema extends TObject> = (object: JsonObject) => (Static<Schema> & JsonObject) | undefined

/**
 * Every field that was sent is kept, but a documented one that is not of its documented type is left out: it decides
 * nothing, and an odd label must not stop a warehouse.
 */
export function documented<Schema extends TObject>(schema: Schema): Documented<Schema> {
  const whole = Compile(schema)
  const fields = Object.entries(schema.properties).map(([name, field]) => ({ name, check: Compile(field) }))
  const fits = (object: JsonObject): object is Static<Schema> & JsonObject => whole.Check(object)

  return object => {
    if (fits(object)) return object
    const odd = new Set(fields.filter(({ name, check }) => !check.Check(object[name])).map(({ name }) => name))
    const rest = Object.fromEntries(Object.entries(object).filter(([name]) => !odd.has(name)))
    return fits(rest) ? rest : undefined
  }
}
