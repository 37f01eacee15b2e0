import { RECORD_CONTENT_TYPE } from '../record.ts'
import type { EventRule, SourceCatalogue, Subject } from '../source-catalogue.ts'
import { bodySchemaName } from './bodies.ts'
import { type CatalogueEvent, catalogueEvents } from './catalogue-events.ts'
import type { Message } from './document-schema.ts'
import { eventRules } from './rules.ts'

/** What all messages have in common. */
export const recordTrait = {
  contentType: RECORD_CONTENT_TYPE,
  headers: { type: 'object', properties: { 'content-type': { const: RECORD_CONTENT_TYPE } } },
  bindings: { kafka: { key: { type: 'string', description: 'the order id' }, bindingVersion: '0.5.0' } },
}

/** The messages of a source's channel by their keys. */
export function messagesOf(source: SourceCatalogue, hasBodySchema: boolean): Record<string, Message> {
  const events = catalogueEvents(source)
  return Object.fromEntries(
    events.map(event => [event.key, message(source, event, { others: othersOf(event, events), hasBodySchema })]),
  )
}

function message(
  source: SourceCatalogue,
  event: CatalogueEvent,
  { others, hasBodySchema }: { others: object; hasBodySchema: boolean },
): Message {
  const type = event.names === 'one' ? { const: event.name } : others
  const body = bodySchemaName(source, event.rule.subject)
  const data = hasBodySchema ? { data: { $ref: `#/components/schemas/${body}` } } : {}
  return {
    name: event.name,
    title: titleOf(source, event),
    summary: summaryOf(event.rule),
    traits: [{ $ref: '#/components/messageTraits/record' }],
    payload: {
      allOf: [
        { $ref: '#/components/schemas/record' },
        { type: 'object', properties: { source: { const: source.source }, type, ...data } },
      ],
    },
    'x-event-rules': eventRules(event.rule),
  }
}

/** The names that a family's rule, or the rule for unknown ones, is for: a record fits exactly one message. */
function othersOf(event: CatalogueEvent, events: readonly CatalogueEvent[]): object {
  const known = events.filter(({ names }) => names === 'one').map(({ name }) => name)
  const families = events.filter(({ names }) => names === 'family').map(({ name }) => beginsAs(name))
  if (event.names === 'family') return { ...beginsAs(event.name), not: { enum: known } }
  return { not: { anyOf: [{ enum: known }, ...families] } }
}

function beginsAs(family: string): { pattern: string } {
  return { pattern: `^${family.slice(0, -1).replaceAll('.', String.raw`\.`)}` }
}

function titleOf(source: SourceCatalogue, event: CatalogueEvent): string {
  if (event.names === 'one') return `${source.source} ${event.name}`
  return event.names === 'family' ? `${source.source}: any other ${event.name}` : `${source.source}: any other event`
}

function summaryOf(rule: EventRule): string {
  const { about, snapshot } = SUBJECTS[rule.subject]
  const of = rule.resource === 'order' ? about : 'About no order: its order id is the id of what it is about.'
  const carried = { snapshot, fact: 'a fact that counts by itself' }
  const carries = `It carries ${rule.carries.map(one => carried[one]).join(', and ')}.`
  const repeats = rule.mayRepeat ? 'May happen more than once.' : 'Happens once for an order.'
  const known = { creates: ' Makes the order known.', requires: ' Waits until the order is known.', none: '' }
  return `${of} ${carries} ${repeats}${known[rule.prerequisite]}`
}

const SUBJECTS: Readonly<Record<Subject, { readonly about: string; readonly snapshot: string }>> = {
  order: { about: 'About an order.', snapshot: 'the order as it is' },
  refund: { about: 'About a refund of an order.', snapshot: 'the refund as it is' },
  fulfillment: { about: 'About a fulfilment of an order.', snapshot: 'the fulfilment as it is' },
  return: { about: 'About a return of an order.', snapshot: 'the return as it is' },
  other: { about: 'About something of an order.', snapshot: 'what it is about as it is' },
}
