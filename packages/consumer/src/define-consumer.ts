import type { WebhookEvent } from '@hookline/contracts'
import type { EffectState } from '@hookline/delivery'

/** What an event is for. `data` is the body as parsed JSON, everything kept as it was sent. */
export interface HandledEvent extends WebhookEvent {
  readonly data: unknown
}

/** What a handler may use beside the event. */
export interface HandlerContext {
  /** The same for every attempt of this event and effect, different for every other: the target's `Idempotency-Key`. */
  readonly effectKey: string
  /** The effect's name. */
  readonly effect: string
  /** Aborts when the lease cannot be held any longer, or the service gives up waiting at its end: stop and throw. */
  readonly signal: AbortSignal
  /** 1 for the first attempt. */
  readonly attempt: number
  /** What the service knew of the order when this attempt began. */
  readonly order: { readonly last_webhook_at: string; readonly known: boolean }
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

/** Makes the effect at its target. Return: done. Throw `Permanent`, `Retryable`, `Unknown`, `Outage`; anything else is `Unknown`. */
export type Handler = (event: HandledEvent, context: HandlerContext) => Promise<void | Done>

/** Event names by source. `*` is every order event of the source, `order.*` those that begin so. */
export type EventPatterns = Readonly<Record<string, readonly string[]>>

/** A declared outcome at a target. */
export interface Effect {
  /** `[a-z][a-z0-9_]*`, unique in its consumer; part of the floor's key and of the idempotency key. */
  readonly name: string
  /** `latest`: a snapshot, skipped when this effect has applied a newer version. `every`: a fact, runs once whatever came before. */
  readonly policy: 'latest' | 'every'
  readonly on: EventPatterns
  /** Which of those events count; all, where absent. */
  readonly when?: (event: HandledEvent) => boolean
  /** The part of the order it is about (a fulfilment's id): the floor is per part. Only with `latest`. */
  readonly part?: (event: HandledEvent) => string
  /** Events after which nothing newer runs by itself, unless it is terminal too: it is dead, `after_terminal`. Only with `latest`. */
  readonly terminal?: (event: HandledEvent) => boolean
  /** What the effect happens once per order for (such as `settlement`), where that is not the event: makes the effect key. */
  readonly onceFor?: (event: HandledEvent) => string | undefined
  /** `hold`: while it is dead, nothing of its order passes it. Otherwise `continue`. */
  readonly onDead?: 'continue' | 'hold'
  /**
   * Its whole effect is in the service's own database, made through `context.transaction`: it commits together with the
   * event's settling, exactly once, and needs no key. The handler may run again where the database asks for it.
   */
  readonly transactional?: boolean
  readonly handler: Handler
}

export interface ConsumerDefinition {
  /** `[a-z][a-z0-9-]*`: at once group id, database, metric label and dead-letter topic (`<name>.dead`). */
  readonly name: string
  /** In the order in which the effects of one event run. */
  readonly effects: readonly Effect[]
  /** By source: the event that makes an order known, or null for none. Otherwise the catalogue's. */
  readonly prerequisites?: Readonly<Record<string, string | null>>
  /** Every word that its handlers may return as a note: a metric's label comes from a fixed set. */
  readonly notes?: readonly string[]
  /** What happens to what waited `parkMaxMs` for its order to be known. Otherwise `run`, marked `prerequisite_never_arrived`. */
  readonly onParkExpired?: 'run' | 'dead'
}

/** A definition that was checked. */
export type Consumer = Readonly<Required<Omit<ConsumerDefinition, 'prerequisites'>>> & {
  readonly prerequisites: Readonly<Record<string, string | null>>
}

const CONSUMER_NAME = /^[a-z][a-z0-9-]{0,62}$/
const EFFECT_NAME = /^[a-z][a-z0-9_]{0,62}$/

/** Checks a definition. Throws an `Error` that says what to change. */
export function defineConsumer(definition: ConsumerDefinition): Consumer {
  const { name, effects } = definition
  if (!CONSUMER_NAME.test(name)) throw new Error(`consumer name ${JSON.stringify(name)}: use ${CONSUMER_NAME.source}`)
  if (effects.length === 0) throw new Error(`consumer ${name} declares no effect`)
  const seen = new Set<string>()
  for (const effect of effects) {
    const where = `effect ${JSON.stringify(effect.name)} of consumer ${name}`
    if (!EFFECT_NAME.test(effect.name)) throw new Error(`${where}: use ${EFFECT_NAME.source}`)
    if (seen.has(effect.name)) throw new Error(`${where} is declared twice`)
    if (effect.policy === 'every' && (effect.part || effect.terminal)) {
      throw new Error(`${where}: \`part\` and \`terminal\` are about the floor, which policy \`every\` does not have`)
    }
    seen.add(effect.name)
  }
  return { onParkExpired: 'run', prerequisites: {}, notes: [], ...definition }
}

/** An effect, with its types checked where it stands. */
export function effect(declaration: Effect): Effect {
  return declaration
}
