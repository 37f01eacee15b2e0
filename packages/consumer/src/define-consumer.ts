import type { Static, TObject, TProperties } from 'typebox'
import { checkDefinition } from './check-definition.ts'
import type { Effect } from './effect.ts'
import type { Clients, Targets } from './targets.ts'

/** What a consumer is, whatever its effects are made of. */
interface Description {
  /** `[a-z][a-z0-9-]*`: at once group id, database, metric label and dead-letter topic (`<name>.dead`). */
  readonly name: string
  /**
   * By source: the event that makes an order known, and for which its other events wait, or null for none. Otherwise the
   * catalogue's. It is the consumer's and not an effect's: an order is known to a service, or it is not.
   */
  readonly prerequisites?: Readonly<Record<string, string | null>>
  /** Every word that its handlers may return as a note: a metric's label comes from a fixed set. */
  readonly notes?: readonly string[]
  /** What happens to what waited `PARK_MAX_MS` for its order to be known. Otherwise `run`, marked `prerequisite_never_arrived`. */
  readonly onParkExpired?: 'run' | 'dead'
}

export interface ConsumerDefinition extends Description {
  /** In the order in which the effects of one event run. */
  readonly effects: readonly Effect[]
}

/** A definition that was checked. */
export type Consumer = Readonly<Required<Omit<ConsumerDefinition, 'prerequisites'>>> & {
  readonly prerequisites: Readonly<Record<string, string | null>>
}

/** A consumer with what its effects are made of: the clients of its targets, and variables of its own. */
export interface ServiceDefinition<T extends Targets, V extends TProperties> extends Description {
  /** By name; each reads its variables from the environment, such as `ERP_URL` for target `erp`. */
  readonly targets: T
  /** Variables of the service's own, by their names in the environment. */
  readonly config?: V
  /** The effects over these clients, in the order in which those of one event run. */
  readonly effects: (clients: Clients<T>, config: Static<TObject<V>>) => readonly Effect[]
}

/** A consumer that waits for its clients: `runConsumer` of `@hookline/service` opens them, a test hands over its own. */
export interface ConsumerService<T extends Targets = Targets, V extends TProperties = TProperties> {
  readonly name: string
  readonly targets: T
  readonly config: V
  /** Throws an `Error` that says what to change, as `defineConsumer` does. */
  with(clients: Clients<T>, ...config: object extends Static<TObject<V>> ? [] : [Static<TObject<V>>]): Consumer
}

/**
 * Defines a consumer: its name, and the effects that it makes of events. Checks what can be wrong, and throws an `Error` that
 * says what to change; with targets the effects are checked once there are clients for them.
 */
export function defineConsumer(definition: ConsumerDefinition): Consumer
// oxlint-disable-next-line typescript/no-generated-empty-object-type -- without `config` there is nothing in it
export function defineConsumer<const T extends Targets, const V extends TProperties = Record<never, never>>(
  definition: ServiceDefinition<T, V>,
): ConsumerService<T, V>
export function defineConsumer(
  definition: ConsumerDefinition | ServiceDefinition<Targets, TProperties>,
): Consumer | ConsumerService {
  if (!('targets' in definition)) return checked(definition)
  const { targets, config = {}, effects, ...description } = definition
  checkDefinition({ name: description.name, targets: Object.keys(targets) })
  return {
    name: description.name,
    targets,
    config,
    with: (clients, values = {}) => checked({ ...description, effects: effects(clients, values) }),
  }
}

function checked(definition: ConsumerDefinition): Consumer {
  checkDefinition(definition)
  return { onParkExpired: 'run', prerequisites: {}, notes: [], ...definition }
}
