import { Type } from 'typebox'
import { EVENT_NAME, ID, SOURCE_NAME } from '../usable.ts'
import { VERSION } from '../version.ts'

const instant = (description: string) => Type.String({ format: 'date-time', description })

/** A record's value, see `encodeRecord`: a CloudEvents 1.0 event in structured JSON. `data` stands last in its text. */
export const RecordSchema = Type.Object(
  {
    specversion: Type.Literal('1.0'),
    id: Type.String({
      description:
        'The identity: source, order id, event and, where there is one, occurrence, joined by `/`. ' +
        'Two records with the same id are the same event: handle it once.',
    }),
    source: Type.String({ pattern: SOURCE_NAME.source, description: 'the sender' }),
    type: Type.String({ pattern: EVENT_NAME.source, description: "the sender's name for what happened" }),
    subject: Type.String({ pattern: ID.source, description: 'the order id' }),
    time: instant("The event's own time, UTC with milliseconds: the first part of `version`."),
    datacontenttype: Type.Literal('application/json'),
    partitionkey: Type.String({ pattern: ID.source, description: "the order id, which is the record's key as well" }),
    version: Type.String({
      pattern: VERSION.source,
      description: "The order of one order's events, compared as text: higher is newer.",
    }),
    receivedat: instant('When the ingress had the request, UTC with milliseconds.'),
    occurrence: Type.Optional(
      Type.String({ pattern: ID.source, description: 'Which of several, where the event may happen more than once.' }),
    ),
    webhookheaders: Type.String({ description: 'JSON: the headers of the request that hold no secret' }),
    data: Type.Object(
      {},
      {
        description:
          "The request's body, byte for byte. The documented fields are what the sender is known to send; others are " +
          'passed on as they came. A reader takes a documented field of another type for one that is not there.',
      },
    ),
  },
  { description: 'One CloudEvents 1.0 event. Other attributes may be added: ignore those that you do not know.' },
)
