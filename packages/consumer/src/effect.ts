import type { EventFor, EventOf, ParsedEvent, SourceName, WebhookEvent } from '@hookline/contracts'
import type { EffectState, Retries } from '@hookline/delivery'

/** What an event is for, its body parsed: of any source, every field kept as it was sent. */
export type HandledEvent = ParsedEvent

/** An event about an order of a sender that the catalogues know: narrow it by `source`, and by `event`. */
export type CatalogueEvent = EventOf<SourceName, '*'>

/** What a handler may use beside the event. */
export interface HandlerContext {
  /** The same for every attempt of this event and effect, different for every other: the target's `Idempotency-Key`. */
  readonly effectKey: string
  /** The effect's name. */
  readonly effect: string
  /** Which event this is for: what targets tell their own logs. */
  readonly event: Pick<WebhookEvent, 'source' | 'order_id' | 'event' | 'version'>
  /**
   * Aborts when the lease cannot be held any longer, when the effect's `timeoutMs` is over, or when the service gives up
   * waiting at its end: stop and throw. Nothing else of the order begins before the handler has ended.
   */
  readonly signal: AbortSignal
  /** 1 for the first attempt of the event. */
  readonly attempt: number
  /** What the service knew of the order when this attempt began. */
  readonly order: {
    /** The newest of all its events that came, whether they are handled or not: ISO-8601, UTC. */
    readonly last_webhook_at: string
    /** Whether what makes it known is done; false only while that very event is handled. */
    readonly known: boolean
    /** It counts as known because what makes it known did not come in `PARK_MAX_MS`. */
    readonly prerequisite_never_arrived: boolean
  }
  /** What this effect, for this part of the order, last returned to be kept. */
  readonly state: EffectState | undefined
  /** The same of another effect of this consumer that has no parts. */
  readonly stateOf: (effect: string) => EffectState | undefined
  /** Where the effect is `transactional`: what the store gives for the handler's own reads and writes. */
  readonly transaction?: unknown
  readonly log: HandlerLog
}

/** pino's call shape. */
export interface HandlerLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** The effect is done, and there is something to say about it. */
export interface Done {
  /** A fixed word, no data, such as `no_recipient`: counted, and shown by `hookline order`. */
  note?: string
  /**
   * What the effect keeps of this order (or part of it), and is handed the next time: a JSON object of at most 1,024 bytes,
   * stored with the floor in one write. Only with `latest`. Absent: what was kept stays.
   */
  state?: EffectState
}

/** Event names by source. `*` is every order event of the source, `order.*` those that begin so. */
export type EventPatterns = Readonly<Record<string, readonly string[]>>

/** What an effect is, over the events `E` that its `on` names. */
interface Declaration<E> {
  /** `[a-z][a-z0-9_]*`, unique in its consumer; part of the floor's key and of the idempotency key. */
  readonly name: string
  /** `latest`: a snapshot, skipped when this effect has applied a newer version. `every`: a fact, runs once whatever came before. */
  readonly policy: 'latest' | 'every'
  /** Which of those events count; all, where absent. */
  readonly when?: (event: E) => boolean
  /** The part of the order it is about, such as a fulfilment's id (`partOf`): the floor is per part. Only with `latest`. */
  readonly part?: (event: E) => string
  /** Events after which nothing newer runs by itself, unless it is terminal too: it is dead, `after_terminal`. Only with `latest`. */
  readonly terminal?: (event: E) => boolean
  /** What the effect happens once per order for (such as `settlement`), where that is not the event: makes the effect key. */
  readonly onceFor?: (event: E) => string | undefined
  /** `hold`: while it is dead, nothing of its order passes it. Otherwise `continue`. */
  readonly onDead?: 'continue' | 'hold'
  /** Where the service's own (`BACKOFF_MIN_MS` and so on) do not suit this effect. */
  readonly retries?: Retries
  /**
   * Milliseconds after which `signal` aborts; what the handler throws then is `Unknown`, unless it says better. Otherwise
   * only the lease ends it, which is renewed as long as the process is well.
   */
  readonly timeoutMs?: number
  /**
   * Its whole effect is in the service's own database, made through `context.transaction`: it commits together with the
   * event's settling, exactly once, and needs no key. The handler may run again where the database asks for it.
   */
  readonly transactional?: boolean
  /**
   * Makes the effect at its target. Return: done. Throw `Permanent`, `Retryable`, `Unknown`, `Outage`; anything else that is
   * thrown is `Unknown`.
   */
  readonly handler: (event: E, context: HandlerContext) => Promise<void | Done>
}

/** A declared outcome at a target, over events of any kind. */
export interface Effect extends Declaration<HandledEvent> {
  readonly on: EventPatterns
}

export type Handler = Effect['handler']

/** An effect as a team writes it: its functions get just the events that `on` names. */
export interface EffectDeclaration<On extends EventPatterns> extends Declaration<EventFor<On>> {
  readonly on: On
}

/**
 * Declares an effect. The events that its functions get are typed from the senders' catalogues by the names in `on`:
 * `event.order` of Points' `approved`, `event.subject` of HC's `fulfillment.shipped`. Narrow by `event.source` and
 * `event.event` where `on` names several. Checked by `defineConsumer`.
 */
export function effect<const On extends EventPatterns>(declaration: EffectDeclaration<On>): Effect {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `route` hands on just the events that `on` names
  return declaration as unknown as Effect
}
