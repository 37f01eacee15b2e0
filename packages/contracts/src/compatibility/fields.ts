import { isObject, type JsonObject } from '../path.ts'

/** One field of a record as a reader may rely on it. */
export interface Field {
  /** Such as `string`, `null`, `"approved"`, `object`, `any`; a constraint stands with its type. Sorted. */
  readonly types: readonly string[]
  /** It is there wherever the object is that it is a field of. */
  readonly required: boolean
}

/** Fields by their paths, such as `data.order.id`; `[]` for the items of a list, `*` for values under any name. */
export type Fields = ReadonlyMap<string, Field>

type Schemas = Readonly<Record<string, unknown>>
interface Shape {
  readonly types: readonly string[]
  readonly fields: Fields
}

const REFERENCE = /^#\/components\/schemas\/([^/]+)$/
const ANY: Shape = { types: ['any'], fields: new Map() }

/** The fields of a JSON schema: of the keywords that `asyncapiDocument` uses, `not` aside. */
export function fieldsOf(schema: unknown, schemas: Schemas): Fields {
  return shapeOf(schema, schemas).fields
}

function shapeOf(schema: unknown, schemas: Schemas): Shape {
  if (!isObject(schema)) return ANY
  const name = typeof schema.$ref === 'string' ? REFERENCE.exec(schema.$ref)?.[1] : undefined
  if (name !== undefined) return shapeOf(schemas[name], schemas)
  const parts = listed(schema.allOf).map(part => shapeOf(part, schemas))
  const choices = [...listed(schema.anyOf), ...listed(schema.oneOf)].map(choice => shapeOf(choice, schemas))
  return [ownShape(schema, schemas), ...parts, ...(choices.length > 0 ? [oneOf(choices)] : [])].reduce(both)
}

function ownShape(schema: JsonObject, schemas: Schemas): Shape {
  const required = new Set(listed(schema.required))
  const fields = new Map<string, Field>()
  const add = (name: string, inner: unknown, certain: boolean) => {
    const shape = shapeOf(inner, schemas)
    fields.set(name, { types: shape.types, required: certain })
    for (const [path, field] of shape.fields) fields.set(`${name}.${path}`, field)
  }
  for (const [name, inner] of members(schema.properties)) add(name, inner, required.has(name))
  for (const [, inner] of members(schema.patternProperties)) add('*', inner, false)
  if (isObject(schema.additionalProperties)) add('*', schema.additionalProperties, false)
  if (isObject(schema.items)) add('[]', schema.items, false)
  return { types: typesOf(schema), fields }
}

/** Both hold. Of two that tell a type the later one is the narrower: so are the messages built. */
function both(one: Shape, other: Shape): Shape {
  const fields = new Map(one.fields)
  for (const [path, field] of other.fields) {
    const before = fields.get(path)
    fields.set(path, {
      types: before ? narrower(before.types, field.types) : field.types,
      required: field.required || before?.required === true,
    })
  }
  return { types: narrower(one.types, other.types), fields }
}

function narrower(one: readonly string[], other: readonly string[]): readonly string[] {
  return other.includes('any') ? one : other
}

/** One of them holds: a field is certain where every choice that has fields is certain of it. */
function oneOf(choices: readonly Shape[]): Shape {
  const withFields = choices.filter(({ fields }) => fields.size > 0)
  const fields = new Map<string, Field>()
  for (const path of new Set(withFields.flatMap(choice => [...choice.fields.keys()]))) {
    const found = withFields.map(choice => choice.fields.get(path))
    fields.set(path, {
      types: union(found.map(field => field?.types ?? [])),
      required: found.every(field => field?.required === true),
    })
  }
  return { types: union(choices.map(({ types }) => types)), fields }
}

function union(types: readonly (readonly string[])[]): readonly string[] {
  const all = new Set(types.flat())
  return all.has('any') ? ['any'] : [...all].sort()
}

/** `minLength`, `maximum`, `exclusiveMinimum` and so on too. */
const CONSTRAINTS = /^(pattern|format|multipleOf|uniqueItems|(exclusiveM|m)(in|ax)[A-Za-z]*)$/

function typesOf(schema: JsonObject): readonly string[] {
  if (Object.hasOwn(schema, 'const')) return [JSON.stringify(schema.const)]
  if (Array.isArray(schema.enum)) return schema.enum.map(value => JSON.stringify(value)).sort()
  const constraints = Object.entries(schema).filter(([keyword]) => CONSTRAINTS.test(keyword))
  const told = constraints.map(([keyword, value]) => ` ${keyword} ${String(value)}`).sort()
  const only = schema.additionalProperties === false ? ' with no other fields' : ''
  const types = typeof schema.type === 'string' ? [schema.type] : listed(schema.type).map(String)
  if (types.length === 0) return told.length === 0 && only === '' ? ['any'] : [`any${only}${told.join('')}`]
  return types.map(type => `${type}${only}${told.join('')}`).sort()
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function members(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : []
}
