import type { SubjectOf } from './body-schemas.ts'
import type { hc } from './hc.ts'
import type { JsonObject } from './path.ts'
import type { points } from './points.ts'
import type { Subject } from './source-catalogue.ts'
import type { WebhookEvent } from './webhook-event.ts'

/** An event of any source, its body parsed. */
export interface ParsedEvent extends WebhookEvent {
  /** The body as parsed JSON, everything as it was sent. */
  readonly data: unknown
  /**
   * What the body tells of: the order, or a refund, a fulfilment, a return; of a source in no catalogue the body. Not the
   * record's attribute of this name, which is the order id.
   */
  readonly subject: JsonObject
  /** The subject, where it is the order. */
  readonly order: JsonObject | undefined
}

/**
 * The events of a source by a name or a pattern as effects declare them: `approved`, `order.*` for names that begin so,
 * `*` for all events about orders. A union where they tell of different things: narrow it by `event.event`. Names that
 * only a pattern stands for are in it too, as nobody knows what a sender will send tomorrow.
 */
export type EventOf<Source extends string, Pattern extends string> = Source extends SourceName
  ? { [Kind in Subject]: Known<Source, Kind, Names<Source, Pattern, Kind>> }[Subject]
  : string extends Source
    ? ParsedEvent
    : Unknown<Source, Pattern>

/** The events of several sources, by what an effect declares: `{ points: ['approved'], hc: ['order.*'] }`. */
export type EventFor<On extends Readonly<Record<string, readonly string[]>>> = {
  [Source in keyof On & string]: EventOf<Source, On[Source][number]>
}[keyof On & string]

interface Catalogues {
  readonly points: typeof points
  readonly hc: typeof hc
}
type SourceName = keyof Catalogues

type Common = Omit<ParsedEvent, 'source' | 'event' | 'subject' | 'order'>

/** There is no such event where there are no names: the brackets keep `never` from being taken for a union. */
type Known<Source extends SourceName, Kind extends Subject, Name extends string> = [Name] extends [never]
  ? never
  : Common & {
      readonly source: Source
      readonly event: Name
      readonly subject: SubjectOf<Source, Kind>
      readonly order: Kind extends 'order' ? SubjectOf<Source, Kind> : undefined
    }

type Unknown<Source extends string, Pattern extends string> = Common & {
  readonly source: Source
  readonly event: Pattern extends `${infer Prefix}*` ? `${Prefix}${string}` : Pattern
  readonly subject: JsonObject
  readonly order: undefined
}

/** Of the names that a pattern stands for those that tell of this kind of subject. */
type Names<Source extends SourceName, Pattern extends string, Kind extends Subject> = string extends Pattern
  ? Under<Source, '', Kind>
  : Pattern extends `${infer Prefix}*`
    ? Under<Source, Prefix, Kind>
    : About<Source, Kind, Pattern>

// one by one: a union of `order.paid` and `order.${string}` is `order.${string}`
type Under<Source extends SourceName, Prefix extends string, Kind extends Subject> =
  | About<Source, Kind, keyof Catalogues[Source]['events'] & `${Prefix}${string}`>
  | About<Source, Kind, Extract<`${Family<Source>['prefix']}${string}`, `${Prefix}${string}`>>
  | About<Source, Kind, `${Prefix}${string}`>

type About<Source extends SourceName, Kind extends Subject, Name extends string> = Name extends string
  ? SubjectNamed<Source, Name> extends Kind
    ? Name
    : never
  : never

type Family<Source extends SourceName> = Catalogues[Source]['families'][number]

/** As `ruleOf` does it: by the exact name, else by the family, else as all unknown names. */
type SubjectNamed<Source extends SourceName, Name extends string> = Name extends keyof Catalogues[Source]['events']
  ? RuleSubject<Catalogues[Source]['events'][Name]>
  : [FamilyOf<Family<Source>, Name>] extends [never]
    ? Catalogues[Source]['unknown']['subject']
    : FamilyOf<Family<Source>, Name>

type FamilyOf<Of, Name extends string> = Of extends { prefix: infer Prefix extends string; rule: infer Rule }
  ? Name extends `${Prefix}${string}`
    ? RuleSubject<Rule>
    : never
  : never

type RuleSubject<Rule> = Rule extends { subject: infer Kind extends Subject } ? Kind : never
