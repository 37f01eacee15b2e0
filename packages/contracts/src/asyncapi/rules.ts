import type { EventRule, Path, SourceCatalogue } from '../source-catalogue.ts'
import type { EventRules, SourceRules } from './document-schema.ts'

const dotted = (path: Path) => path.join('.')

/** Of a rule what a reader may rely on. What becomes of a request without an order id never reaches one. */
export function eventRules(rule: EventRule): EventRules {
  return {
    resource: rule.resource,
    subject: rule.subject,
    carries: [...rule.carries],
    may_repeat: rule.mayRepeat,
    prerequisite: rule.prerequisite,
    terminal: rule.terminal,
    order_id_at: rule.orderIdAt.map(dotted),
    rank: { ...rule.rank },
  }
}

/** Of a source what a reader may rely on: no time-outs, no names of headers. */
export function sourceRules(source: SourceCatalogue): SourceRules {
  const { occurrence, statusRank } = source
  return {
    event_at: dotted(source.eventAt),
    time_at: dotted(source.timeAt),
    subject_at: dotted(source.subjectAt),
    occurrence: occurrence.from === 'event_id' ? { from: 'event_id', at: dotted(occurrence.at) } : { from: 'digest' },
    stable_fields: source.stableFields.toSorted(),
    ...(statusRank && { status_rank: { at: dotted(statusRank.at), ranks: { ...statusRank.ranks } } }),
  }
}
