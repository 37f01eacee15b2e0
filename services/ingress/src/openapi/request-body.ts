import { bodySchemas, bodySchemaName, catalogueEvents } from '@hookline/contracts'
import type { BodySchemas, SourceCatalogue, Subject } from '@hookline/contracts'
import { exampleBodies } from './example-bodies.ts'

/** A sender without schemas of its own sends any JSON object. */
export function schemasOf({ source }: SourceCatalogue): BodySchemas | undefined {
  return Object.entries<BodySchemas>(bodySchemas).find(([name]) => name === source)?.[1]
}

/** Of `POST`: one schema for each kind of subject that the source's events tell of. */
export function requestBody(source: SourceCatalogue): object {
  const examples = exampleBodies[source.source]
  const schema = {
    ...bodySchema(source),
    ...(examples && {
      'x-examples': Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
    }),
  }
  return { content: { 'application/json': { schema } } }
}

function bodySchema(source: SourceCatalogue): object {
  const subjects = Map.groupBy(catalogueEvents(source), ({ rule }) => rule.subject)
  const each = [...subjects].map(([subject, events]) => ({
    title: subject,
    description: `\`${source.eventAt.join('.')}\` is ${events.map(nameOf).join(', ')}`,
    ...(schemasOf(source) === undefined ? { type: 'object' } : { allOf: [reference(source, subject)] }),
  }))
  const [first, ...others] = each
  return first !== undefined && others.length === 0 ? first : { anyOf: each }
}

function reference(source: SourceCatalogue, subject: Subject): object {
  return { $ref: `#/components/schemas/${bodySchemaName(source, subject)}` }
}

function nameOf({ name, names }: ReturnType<typeof catalogueEvents>[number]): string {
  if (names === 'one') return `\`${name}\``
  return names === 'family' ? `any other \`${name}\`` : 'any other name'
}
