import { isDeepStrictEqual } from 'node:util'
import type { Channel, ContractDocument, Message } from '../asyncapi/document-schema.ts'
import type { HandledBy } from '../asyncapi/handled-by.ts'
import { handlersIn } from '../asyncapi/operations.ts'
import type { BreakingChange, Change } from './change.ts'
import { fieldChanges } from './field-changes.ts'
import { fieldsOf } from './fields.ts'
import { eventRuleChanges, sourceRuleChanges } from './rule-changes.ts'

/**
 * What of a contract would break its readers, event by event, in the order of the document before. New events, new
 * optional fields and new senders break nobody, and are not told.
 *
 * @param handlers who handles what now; who did is in `before`.
 */
export function breakingChanges(
  before: ContractDocument,
  after: ContractDocument,
  handlers: readonly HandledBy[],
): readonly BreakingChange[] {
  const readers = [...handlersIn(before), ...handlers]
  return Object.entries(before.channels).flatMap(([source, channel]) => {
    const now = after.channels[source]
    const ofAll = now ? [...topicChanges(channel, now), ...rulesOfAll(channel, now)] : []
    return Object.entries(channel.messages).flatMap(([key, message]) => {
      const services = servicesOf(readers, source, message.name)
      const changes = [...ofAll, ...messageChanges(message, now?.messages[key], now, { before, after, channel })]
      return changes.map(change => ({ source, event: message.name, ...change, services }))
    })
  })
}

interface Around {
  readonly before: ContractDocument
  readonly after: ContractDocument
  readonly channel: Channel
}

function messageChanges(
  message: Message,
  now: Message | undefined,
  nowChannel: Channel | undefined,
  { before, after, channel }: Around,
): readonly Change[] {
  if (!now) {
    const renamed = nowChannel && successorOf(message, channel, nowChannel)
    const kind = renamed === undefined ? 'event_removed' : 'event_renamed'
    return [{ kind, before: message.name, after: renamed ?? '' }]
  }
  return [
    ...fieldChanges(
      fieldsOf(message.payload, before.components.schemas),
      fieldsOf(now.payload, after.components.schemas),
    ),
    ...eventRuleChanges(message['x-event-rules'], now['x-event-rules']),
  ]
}

/** The new event that follows the very rules of one that is gone, where there is only one such. */
function successorOf(gone: Message, before: Channel, after: Channel): string | undefined {
  const alike = Object.entries(after.messages).filter(
    ([key, { 'x-event-rules': rules }]) =>
      !Object.hasOwn(before.messages, key) && isDeepStrictEqual(rules, gone['x-event-rules']),
  )
  return alike.length === 1 ? alike[0]?.[1].name : undefined
}

function topicChanges({ address: before }: Channel, { address: after }: Channel): readonly Change[] {
  return before === after ? [] : [{ kind: 'topic_changed', field: 'topic', before, after }]
}

function rulesOfAll(before: Channel, after: Channel): readonly Change[] {
  return sourceRuleChanges(before['x-source-rules'], after['x-source-rules'])
}

function servicesOf(handlers: readonly HandledBy[], source: string, event: string): readonly string[] {
  const of = handlers.filter(handler => handler.source === source && handler.event === event)
  return [...new Set(of.map(({ service }) => service))].sort()
}
