import type { EventRule, SourceCatalogue } from '../source-catalogue.ts'

/** One event of a catalogue, or all names that only a family's rule or the rule for unknown names is for. */
export interface CatalogueEvent {
  /** The event's name, `order.*`, or `*`. */
  readonly name: string
  /** Where the name stands in the document. No event's name has a hyphen, so a family's key is never an event's. */
  readonly key: string
  readonly rule: EventRule
  /** `one`: exactly this name. */
  readonly names: 'one' | 'family' | 'any'
}

/** What a source's records are, in the catalogue's order. */
export function catalogueEvents(source: SourceCatalogue): readonly CatalogueEvent[] {
  return [
    ...Object.entries(source.events).map(([name, rule]) => ({ name, key: name, rule, names: 'one' as const })),
    ...source.families.map(({ prefix, rule }) => ({
      name: `${prefix}*`,
      key: `any-other-${prefix.replace(/\.$/, '')}`,
      rule,
      names: 'family' as const,
    })),
    { name: '*', key: 'any-other', rule: source.unknown, names: 'any' },
  ]
}
