import { type JsonObject, valueAt } from './path.ts'
import type { EventRule, SourceCatalogue } from './source-catalogue.ts'

/** 0 to 99: which of two events of one instant is the newer one in an order's life. */
export function rankOf(source: SourceCatalogue, rule: EventRule, body: JsonObject): number {
  return (statusRank(source, body) ?? rule.rank.implied) + rule.rank.plus
}

function statusRank(source: SourceCatalogue, body: JsonObject): number | undefined {
  if (!source.statusRank) return undefined
  const { at, ranks } = source.statusRank
  const status = valueAt(body, at)
  // hasOwn: a status named `constructor` has no rank
  return typeof status === 'string' && Object.hasOwn(ranks, status) ? ranks[status] : undefined
}
