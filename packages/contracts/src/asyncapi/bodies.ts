import type { BodySchemas } from '../body-schemas.ts'
import { isObject, type JsonObject } from '../path.ts'
import type { Path, SourceCatalogue, Subject } from '../source-catalogue.ts'
import { catalogueEvents } from './catalogue-events.ts'

/** The name, among the document's schemas, of the bodies of a source that tell of this. */
export const bodySchemaName = (source: SourceCatalogue, subject: Subject) => `${source.source}.${subject}.body`

/** The bodies of a source by their schemas' names: one for each kind of subject that its events have. */
export function bodiesOf(source: SourceCatalogue, { body, subjects }: BodySchemas): Record<string, JsonObject> {
  const kinds = new Set(catalogueEvents(source).map(({ rule }) => rule.subject))
  return Object.fromEntries(
    [...kinds].map(kind => {
      const subject = subjects[kind]
      const schema = subject ? withSchemaAt(asJson(body), source.subjectAt, asJson(subject)) : asJson(body)
      return [bodySchemaName(source, kind), schema]
    }),
  )
}

/** A schema without what is in it for TypeScript alone. */
export function asJson(schema: object): JsonObject {
  return JSON.parse(JSON.stringify(schema))
}

/** The schema of an object with another schema of its own for the field that the path leads to. */
function withSchemaAt(schema: JsonObject, path: Path, inner: JsonObject): JsonObject {
  const [name, ...rest] = path
  if (name === undefined) return inner
  const properties = isObject(schema.properties) ? schema.properties : {}
  const field = properties[name]
  return { ...schema, properties: { ...properties, [name]: withSchemaAt(isObject(field) ? field : {}, rest, inner) } }
}
