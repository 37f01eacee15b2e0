/** What the object at a source's `subjectAt` is; `other`: what no page of the sender describes, or no part of an order. */
export type Subject = 'order' | 'refund' | 'fulfillment' | 'return' | 'other'

/** What one event of a source is, as data. Merchants may change it without touching code. */
export interface EventRule {
  /** Whose id `order_id` is. `other`: a product's, a stock level's, a customer's own: no order effect fits it. */
  readonly resource: 'order' | 'other'
  /** What the body tells of, and so which schema it has: a refund is the subject of an event about an order. */
  readonly subject: Subject
  /** A hint for the policy of effects: a `snapshot` is superseded by a newer one, a `fact` must be seen by a ledger. */
  readonly carries: readonly ('snapshot' | 'fact')[]
  /** Whether it may happen more than once for one order. */
  readonly mayRepeat: boolean
  /** `creates` makes the order known, `requires` waits until it is known, `none` does neither. */
  readonly prerequisite: 'creates' | 'requires' | 'none'
  /** Whether goods may no longer be released by themselves afterwards; `full_refund`: only when the order says so. */
  readonly terminal: 'always' | 'full_refund' | 'never'
  /** Paths into the body, the first that is there wins. */
  readonly orderIdAt: readonly Path[]
  /** What a body that names no order id means: a request to refuse, or one to acknowledge and keep in quarantine. */
  readonly withoutOrderId: 'refuse' | 'quarantine'
  /** Two digits inside one instant: `implied` where the order's own status gives none, then `plus`. */
  readonly rank: { readonly implied: number; readonly plus: number }
}

/** The names to follow from the body's root, such as `['data', 'order', 'id']`. */
export type Path = readonly string[]

/**
 * One sender as data: everything that differs between senders but the verifier. A third sender is one more of these.
 */
export interface SourceCatalogue {
  /** `[a-z][a-z0-9-]{0,31}` */
  readonly source: string
  readonly topic: string
  /** The header with the shared secret or the signature. It is never kept. */
  readonly secretHeader: string
  /** A header that repeats the event's name, where the source has one. */
  readonly eventHeader?: string
  /** How long the sender waits for an answer. */
  readonly senderTimeoutMs: number
  /** How long after the first delivery the sender may still deliver the same event. */
  readonly retryHorizonMs: number
  /** Where the body has the event's name. */
  readonly eventAt: Path
  /** Where the body has the event's own time. */
  readonly timeAt: Path
  /** Where the body names the store, where the source has stores. */
  readonly storeAt?: Path
  /** The object that the event carries: what it is each rule's `subject` says. */
  readonly subjectAt: Path
  /** What makes one of several events of one name: the sender's own event id, or a digest of the stable fields. */
  readonly occurrence: { readonly from: 'event_id'; readonly at: Path } | { readonly from: 'digest' }
  /** Root fields that are the same in every retry: the input of the digest and of the last part of the version. */
  readonly stableFields: readonly string[]
  /** The order's own status and its rank, where the source sends one. It goes before the event's `implied` rank. */
  readonly statusRank?: { readonly at: Path; readonly ranks: Readonly<Record<string, number>> }
  readonly events: Readonly<Record<string, EventRule>>
  /** Rules for names that are not in `events`, by what they start with. */
  readonly families: readonly { readonly prefix: string; readonly rule: EventRule }[]
  /** The rule for every other name of a usable shape. */
  readonly unknown: EventRule
}

/** The rule for an event's name: exact, else by family, else that for unknown names. Total for any text. */
export function ruleOf(source: SourceCatalogue, event: string): EventRule {
  // hasOwn: `constructor` is a usable event name
  const exact = Object.hasOwn(source.events, event) ? source.events[event] : undefined
  return exact ?? source.families.find(family => event.startsWith(family.prefix))?.rule ?? source.unknown
}
