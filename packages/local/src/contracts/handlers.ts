import { type Consumer, defineConsumer, type HandledEvent } from '@hookline/consumer'
import { route } from '@hookline/consumer/loop'
import { catalogueOf, type HandledBy, ruleOf } from '@hookline/contracts'

/** An event by the names of a document: `order.*` and `*` stand for names that no catalogue has. */
export interface NamedEvent {
  readonly source: string
  readonly event: string
}

const UNKNOWN = 'a_name_in_no_catalogue'

/** Which of these events each consumer handles, decided by the very function that decides it for records. */
export function handlersOf(consumers: readonly Consumer[], events: readonly NamedEvent[]): readonly HandledBy[] {
  return consumers.flatMap(consumer => {
    const bare = withoutConditions(consumer)
    return events.flatMap(({ source, event }): HandledBy[] => {
      const routes = recordNames(consumer, { source, event }).map(name => route(bare, record(source, name)))
      const handling = new Set(routes.flatMap(({ effects }) => effects.map(({ name }) => name)))
      if (handling.size === 0 && !routes.some(({ creating }) => creating)) return []
      const effects = consumer.effects.map(({ name }) => name).filter(name => handling.has(name))
      return [{ service: consumer.name, source, event, effects }]
    })
  })
}

/** `when` and `part` ask the body, and here is none: an event that may be handled is handled. */
function withoutConditions({ name, effects, prerequisites }: Consumer): Consumer {
  const bare = effects.map(effect => ({
    name: effect.name,
    on: effect.on,
    policy: 'every' as const,
    handler: async () => {},
  }))
  return defineConsumer({ name, prerequisites, effects: bare })
}

/** Names that such an event may have. `*` is `fulfillment.lost` as well, for a consumer of `fulfillment.*`. */
function recordNames(consumer: Consumer, { source, event }: NamedEvent): readonly string[] {
  if (!event.endsWith('*')) return [event]
  const patterns = consumer.effects.flatMap(({ on }) => on[source] ?? [])
  const names = patterns.filter(pattern => pattern.endsWith('*')).map(pattern => pattern.replace('*', UNKNOWN))
  return [event.replace('*', UNKNOWN), ...names.filter(name => isSuch(name, { source, event }))]
}

function isSuch(name: string, { source, event }: NamedEvent): boolean {
  if (event !== '*') return name.startsWith(event.slice(0, -1))
  const catalogue = catalogueOf(source)
  return catalogue === undefined || ruleOf(catalogue, name) === catalogue.unknown
}

function record(source: string, event: string): HandledEvent {
  const nothing = {
    occurrence: '',
    version: '',
    last_webhook_at: '',
    received_at: '',
    headers: {},
    body: '{}',
    data: {},
    subject: {},
    order: undefined,
  }
  return { source, order_id: 'none', event, ...nothing }
}
