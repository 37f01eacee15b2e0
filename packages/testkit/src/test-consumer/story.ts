import type { OrderRecord } from '@hookline/delivery'
import type { Happened } from './journal.ts'
import type { TestedEvent } from './tested-event.ts'

/** More would hide the end. */
const LONGEST_HISTORY = 200

export interface StoryParts {
  readonly name: string
  readonly passedMs: number
  readonly happened: readonly Happened[]
  readonly events: readonly TestedEvent[]
  readonly orders: ReadonlyMap<string, OrderRecord>
  /** Steps at which an instance was to crash, and none came to. */
  readonly notReached: readonly string[]
}

/** What happened and how it stands, for people. */
export function storyOf({ name, passedMs, happened, events, orders, notReached }: StoryParts): string {
  const left = happened.length - LONGEST_HISTORY
  return [
    `${name} after ${seconds(passedMs)}`,
    ...(left > 0 ? [`  … ${left} before`] : []),
    ...happened.slice(-LONGEST_HISTORY).map(one => `  ${seconds(one.atMs).padStart(10)}  ${textOf(one)}`),
    ...notReached.map(step => `  no instance came to ${step}, where one was to crash`),
    'events',
    ...events.map(event => `  ${eventText(event)}`),
    'orders',
    ...[...orders].map(([key, record]) => `  ${key}: ${orderText(record)}`),
  ].join('\n')
}

function textOf(happened: Happened): string {
  if ('text' in happened) return happened.text
  const { instance, effect, order, event, attempt, outcome, note, error } = happened.call()
  const more = note ?? error
  const how = more === undefined ? outcome : `${outcome} (${more})`
  return `instance ${instance} calls ${effect} for ${order} ${event}, attempt ${attempt}: ${how}`
}

function eventText({ order, event, last_webhook_at, state, reason, nextAt, lastError }: TestedEvent): string {
  const why = [
    reason,
    lastError === reason ? undefined : lastError,
    nextAt === undefined ? undefined : `next at ${new Date(nextAt).toISOString()}`,
  ].filter(Boolean)
  return `${order} ${event} of ${last_webhook_at}: ${[state, ...why].join(', ')}`
}

function orderText({ known, floors }: OrderRecord): string {
  const raised = Object.entries(floors).map(([key, { last_webhook_at, terminal, state }]) =>
    [`${key} is at ${last_webhook_at}`, terminal && 'terminal', state && `keeps ${JSON.stringify(state)}`]
      .filter(Boolean)
      .join(' '),
  )
  return [known ? 'known' : 'not known', ...raised].join('; ')
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(3)} s`
}
