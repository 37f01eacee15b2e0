/** What a reader loses. */
export type ChangeKind =
  | 'event_removed'
  | 'event_renamed'
  | 'topic_changed'
  | 'field_removed'
  | 'type_changed'
  | 'no_longer_certain'
  | 'newly_required'
  | 'identity_changed'
  | 'version_changed'
  | 'meaning_changed'

/** A change of one event's contract, before it is known whom it meets. */
export interface Change {
  readonly kind: ChangeKind
  /** A path in the record such as `data.order.id`, or the name of a rule such as `rank`; absent: the whole event. */
  readonly field?: string
  readonly before: string
  /** Empty where nothing is left. */
  readonly after: string
}

/** A change that breaks readers of an event. */
export interface BreakingChange extends Change {
  readonly source: string
  /** As in the catalogue before the change; `order.*` or `*` for names that are not in it. */
  readonly event: string
  /** The services that handle the event, before the change or now, sorted. Others may read the topic as well. */
  readonly services: readonly string[]
}
