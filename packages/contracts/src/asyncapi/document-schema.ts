import { type Static, Type } from 'typebox'

const JsonSchema = Type.Record(Type.String(), Type.Unknown())
const Reference = Type.Object({ $ref: Type.String() })

/** The catalogue's rule of one event, as its message in the document has it. Paths are written with dots. */
export const EventRules = Type.Object({
  resource: Type.String(),
  // documents from before there was a schema for each subject have none
  subject: Type.Optional(Type.String()),
  carries: Type.Array(Type.String()),
  may_repeat: Type.Boolean(),
  prerequisite: Type.String(),
  terminal: Type.String(),
  order_id_at: Type.Array(Type.String()),
  rank: Type.Object({ implied: Type.Number(), plus: Type.Number() }),
})
export type EventRules = Static<typeof EventRules>

/** What the catalogue says about all events of a source, as its channel in the document has it. */
export const SourceRules = Type.Object({
  event_at: Type.String(),
  time_at: Type.String(),
  subject_at: Type.String(),
  occurrence: Type.Object({ from: Type.String(), at: Type.Optional(Type.String()) }),
  stable_fields: Type.Array(Type.String()),
  status_rank: Type.Optional(Type.Object({ at: Type.String(), ranks: Type.Record(Type.String(), Type.Number()) })),
})
export type SourceRules = Static<typeof SourceRules>

const Message = Type.Object({
  name: Type.String({
    description: 'an event of the catalogue, `order.*` for the rest of a family, `*` for any other',
  }),
  title: Type.String(),
  summary: Type.String(),
  traits: Type.Array(Reference),
  payload: JsonSchema,
  'x-event-rules': EventRules,
})
export type Message = Static<typeof Message>

const Channel = Type.Object({
  address: Type.String({ description: 'the topic' }),
  title: Type.String(),
  description: Type.String(),
  messages: Type.Record(Type.String(), Message),
  'x-source-rules': SourceRules,
})
export type Channel = Static<typeof Channel>

const Operation = Type.Object({
  action: Type.Union([Type.Literal('send'), Type.Literal('receive')]),
  channel: Reference,
  title: Type.String(),
  summary: Type.String(),
  messages: Type.Array(Reference),
  'x-service': Type.String(),
  'x-effects': Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
})
export type Operation = Static<typeof Operation>

/** The part of AsyncAPI 3.0 that `asyncapiDocument` writes and `breakingChanges` compares. */
export const ContractDocument = Type.Object({
  asyncapi: Type.String(),
  info: Type.Object({
    title: Type.String(),
    version: Type.String({ pattern: String.raw`^\d+\.\d+\.\d+$` }),
    description: Type.String(),
    license: Type.Object({ name: Type.String(), url: Type.String() }),
  }),
  defaultContentType: Type.String(),
  channels: Type.Record(Type.String(), Channel),
  operations: Type.Record(Type.String(), Operation),
  components: Type.Object({
    schemas: Type.Record(Type.String(), JsonSchema),
    messageTraits: Type.Record(Type.String(), Type.Unknown()),
  }),
})
export type ContractDocument = Static<typeof ContractDocument>
