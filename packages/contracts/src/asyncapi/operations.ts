import type { SourceCatalogue } from '../source-catalogue.ts'
import { catalogueEvents } from './catalogue-events.ts'
import type { ContractDocument, Operation } from './document-schema.ts'
import type { HandledBy } from './handled-by.ts'

const channelOf = (source: SourceCatalogue) => ({ $ref: `#/channels/${source.source}` })
const messageOf = (source: SourceCatalogue, key: string) => ({ $ref: `#/channels/${source.source}/messages/${key}` })

/** Who sends and who handles the messages of a source, by the operations' names. */
export function operationsOf(source: SourceCatalogue, handlers: readonly HandledBy[]): readonly [string, Operation][] {
  const own = handlers.filter(one => one.source === source.source)
  const services = [...new Set(own.map(({ service }) => service))].sort()
  return [
    [`ingress.${source.source}`, sends(source)],
    ...services.map((service): [string, Operation] => [
      `${service}.${source.source}`,
      receives(
        source,
        service,
        own.filter(one => one.service === service),
      ),
    ]),
  ]
}

function sends(source: SourceCatalogue): Operation {
  return {
    action: 'send',
    channel: channelOf(source),
    title: `ingress sends what ${source.source} delivered`,
    summary: 'Once the request was verified, and before it is answered. A repeated delivery is a repeated record.',
    messages: catalogueEvents(source).map(({ key }) => messageOf(source, key)),
    'x-service': 'ingress',
  }
}

function receives(source: SourceCatalogue, service: string, handlers: readonly HandledBy[]): Operation {
  const handled = catalogueEvents(source).flatMap(({ name, key }) => {
    const handler = handlers.find(one => one.event === name)
    return handler ? [{ key, effects: [...handler.effects] }] : []
  })
  return {
    action: 'receive',
    channel: channelOf(source),
    title: `${service} handles events of ${source.source}`,
    summary: 'Other events are counted and skipped. An event without effects here makes its order known.',
    messages: handled.map(({ key }) => messageOf(source, key)),
    'x-service': service,
    'x-effects': Object.fromEntries(handled.map(({ key, effects }) => [key, effects])),
  }
}

/** Who handles what, as a document tells it. */
export function handlersIn(document: ContractDocument): readonly HandledBy[] {
  return Object.values(document.operations).flatMap(operation => {
    const { 'x-service': service, 'x-effects': effects } = operation
    if (operation.action !== 'receive' || effects === undefined) return []
    const source = operation.channel.$ref.replace('#/channels/', '')
    const messages = document.channels[source]?.messages ?? {}
    return Object.entries(effects).map(([key, names]) => ({
      service,
      source,
      event: messages[key]?.name ?? key,
      effects: names,
    }))
  })
}
