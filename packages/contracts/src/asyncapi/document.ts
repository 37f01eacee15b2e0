import { type BodySchemas, bodySchemas } from '../body-schemas.ts'
import { catalogues } from '../catalogues.ts'
import { RECORD_CONTENT_TYPE } from '../record.ts'
import type { SourceCatalogue } from '../source-catalogue.ts'
import { asJson, bodiesOf } from './bodies.ts'
import type { Channel, ContractDocument } from './document-schema.ts'
import type { HandledBy } from './handled-by.ts'
import { messagesOf, recordTrait } from './messages.ts'
import { operationsOf } from './operations.ts'
import { RecordSchema } from './record-schema.ts'
import { sourceRules } from './rules.ts'

/** Raise its first number together with a change that breaks readers, when no reader of the old is left. */
export const CONTRACT_VERSION = '1.0.0'

const DESCRIPTION =
  'The webhooks of the senders, verified, as CloudEvents in Kafka, keyed by order id. Records are delivered at least ' +
  'once and in any order: `id` tells repeats, `version` tells which of two events of an order is newer. Readers ignore ' +
  'events and fields that they do not know.'

/** What a document is made from, where it is not this project's own catalogues. */
export interface Senders {
  readonly catalogues: Readonly<Record<string, SourceCatalogue>>
  /** A sender without schemas of its own sends any JSON object. */
  readonly bodies: Readonly<Record<string, BodySchemas>>
}

/** The contract between teams as AsyncAPI 3.0: plain JSON, the same for the same catalogues and handlers. */
export function asyncapiDocument(
  handlers: readonly HandledBy[],
  senders: Senders = { catalogues, bodies: bodySchemas },
): ContractDocument {
  const sources = Object.values(senders.catalogues)
  const bodies = sources.map(source => {
    const schemas = senders.bodies[source.source]
    return schemas ? bodiesOf(source, schemas) : {}
  })
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Hookline',
      version: CONTRACT_VERSION,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: RECORD_CONTENT_TYPE,
    channels: Object.fromEntries(
      sources.map(source => [source.source, channel(source, senders.bodies[source.source] !== undefined)]),
    ),
    operations: Object.fromEntries(sources.flatMap(source => operationsOf(source, handlers))),
    components: {
      schemas: { record: asJson(RecordSchema), ...Object.assign({}, ...bodies) },
      messageTraits: { record: recordTrait },
    },
  }
}

function channel(source: SourceCatalogue, hasBodySchema: boolean): Channel {
  return {
    address: source.topic,
    title: `Webhooks of ${source.source}`,
    description: 'One record for each delivery that was accepted. The key is the order id.',
    messages: messagesOf(source, hasBodySchema),
    'x-source-rules': sourceRules(source),
  }
}
