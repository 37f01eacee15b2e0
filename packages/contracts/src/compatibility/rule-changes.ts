import { isDeepStrictEqual } from 'node:util'
import type { EventRules, SourceRules } from '../asyncapi/document-schema.ts'
import type { Change, ChangeKind } from './change.ts'

type RuleKinds<Rules> = Readonly<Record<keyof Rules, ChangeKind>>

const OF_EVENTS: RuleKinds<EventRules> = {
  resource: 'meaning_changed',
  subject: 'meaning_changed',
  carries: 'meaning_changed',
  may_repeat: 'identity_changed',
  prerequisite: 'meaning_changed',
  terminal: 'meaning_changed',
  order_id_at: 'identity_changed',
  rank: 'version_changed',
}

const OF_SOURCES: RuleKinds<SourceRules> = {
  event_at: 'identity_changed',
  time_at: 'version_changed',
  subject_at: 'meaning_changed',
  occurrence: 'identity_changed',
  // of Points the identity of what may repeat as well
  stable_fields: 'identity_changed',
  status_rank: 'version_changed',
}

/** What changed of the rules by which an event is told from others, ordered, and understood. */
export function eventRuleChanges(before: EventRules, after: EventRules): readonly Change[] {
  return changes(before, after, OF_EVENTS).filter(({ field }) => !isAddition(field, before, after))
}

/** The same of the rules for all events of a source. */
export function sourceRuleChanges(before: SourceRules, after: SourceRules): readonly Change[] {
  return changes(before, after, OF_SOURCES)
}

function changes<Rules extends object>(before: Rules, after: Rules, kinds: RuleKinds<Rules>) {
  const was = new Map<string, unknown>(Object.entries(before))
  const is = new Map<string, unknown>(Object.entries(after))
  return Object.entries<ChangeKind>(kinds).flatMap(([field, kind]) =>
    isDeepStrictEqual(was.get(field), is.get(field))
      ? []
      : [{ kind, field, before: told(was.get(field)), after: told(is.get(field)) }],
  )
}

/**
 * Another place to look for an order id, after those that were there, one more thing that is carried, a subject that
 * nobody had described: nothing lost.
 */
function isAddition(field: string, before: EventRules, after: EventRules): boolean {
  if (field === 'subject') return before.subject === undefined || before.subject === 'other'
  if (field === 'order_id_at') return before.order_id_at.every((path, n) => after.order_id_at[n] === path)
  return field === 'carries' && before.carries.every(one => after.carries.includes(one))
}

function told(rule: unknown): string {
  return typeof rule === 'string' ? rule : (JSON.stringify(rule) ?? 'none')
}
