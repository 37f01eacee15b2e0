import type { Static, TObject } from 'typebox'
import { HcBody, HcFulfillment, HcOrder, HcOther, HcRefund, HcReturn } from './hc-body.ts'
import type { JsonObject } from './path.ts'
import { PointsBody, PointsOrder } from './points-body.ts'
import type { Subject } from './source-catalogue.ts'

/** How a sender's bodies are described. Nothing is certain but what is required, and other fields are kept as well. */
export interface BodySchemas {
  /** The whole. Its field at the catalogue's `subjectAt` is an object of any fields. */
  readonly body: TObject
  /** What the event tells of. A subject without a schema is any object. */
  readonly subjects: Readonly<Partial<Record<Subject, TObject>>>
}

/** The senders' bodies, by their catalogues' names. */
export const bodySchemas = {
  points: { body: PointsBody, subjects: { order: PointsOrder } },
  hc: {
    body: HcBody,
    subjects: { order: HcOrder, refund: HcRefund, fulfillment: HcFulfillment, return: HcReturn, other: HcOther },
  },
} as const satisfies Readonly<Record<string, BodySchemas>>

type Subjects<Source extends keyof typeof bodySchemas> = (typeof bodySchemas)[Source]['subjects']

/** The type of a source's subject of this kind. */
export type SubjectOf<
  Source extends keyof typeof bodySchemas,
  Kind extends Subject,
> = Kind extends keyof Subjects<Source>
  ? Subjects<Source>[Kind] extends infer Schema extends TObject
    ? Static<Schema> & JsonObject
    : never
  : JsonObject
