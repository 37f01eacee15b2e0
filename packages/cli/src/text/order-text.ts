import type { EventState } from '@hookline/inbox'
import type { Look, Tone } from '../answer.ts'
import type { OrderDocument, OrderEvent, OrderState, ServiceOrder } from '../order-document.ts'
import { clean } from './clean.ts'
import { eventReason } from './event-reason.ts'
import { paragraph } from './paragraph.ts'
import { table } from './table.ts'
import { toTheSecond, utc, when } from './time.ts'

const TONES: Readonly<Record<EventState, Tone>> = {
  done: 'good',
  stale: 'quiet',
  parked: 'waiting',
  retrying: 'waiting',
  running: 'busy',
  dead: 'bad',
}

const STATES: readonly EventState[] = ['done', 'stale', 'running', 'retrying', 'parked', 'dead']

/** A section for each service, and for each source where several have the id. */
export function orderText({ order_id, now, services }: OrderDocument, look: Look): string {
  const sections = Object.entries(services).flatMap(([service, { orders, events }]) => {
    if (orders.length === 0) return [`${look.paint('title', service)}: nothing of this order has come here`]
    return orders.map(state => {
      const own = events.filter(({ source }) => source === state.source)
      return section(`${service} (${clean(state.source)})`, { state, events: own, now, look })
    })
  })
  return [`Order ${clean(order_id)}, as of ${toTheSecond(now)} UTC`, ...sections].join('\n\n')
}

interface Part {
  state: OrderState
  events: ServiceOrder['events']
  now: string
  look: Look
}

function section(name: string, part: Part): string {
  const title = `${part.look.paint('title', name)}: ${countsOf(part.events)}`
  return [title, ...aboutOrder(part), ...eventLines(part), ...floorLines(part)].join('\n')
}

function countsOf(events: readonly OrderEvent[]): string {
  const counts = STATES.flatMap(state => {
    const count = events.filter(event => event.state === state).length
    return count === 0 ? [] : [`${count} ${state}`]
  })
  return counts.length === 0 ? 'its events have expired from the inbox' : counts.join(', ')
}

function aboutOrder({ state, now, look }: Part): readonly string[] {
  const { last_webhook_at, known, held_by, prerequisite_never_arrived } = state
  const sentences = [
    ...(last_webhook_at === null ? [] : [`newest event: ${when(last_webhook_at, now)}`]),
    ...(known === false ? ['the order is not known here yet: what makes it known is not done'] : []),
    ...(prerequisite_never_arrived
      ? ['what makes the order known never came: it went on without (prerequisite_never_arrived)']
      : []),
    ...(held_by === null ? [] : [`held: nothing of the order passes the dead ${held_by} until a person decides`]),
  ]
  return sentences.flatMap(text => paragraph(text, { ...look, indent: 2 }))
}

function eventLines({ events, now, look }: Part): readonly string[] {
  if (events.length === 0) return []
  const [titles, ...lines] = table(
    [{ title: 'SENT (UTC)' }, { title: 'EVENT' }, { title: 'STATE', paint: text => paintState(look, text) }],
    events.map(({ last_webhook_at, event, state }) => [utc(last_webhook_at), event, state]),
  )
  const told = events.flatMap((event, n) => {
    const why = eventReason(event, now)
    return [`  ${lines[n]}`, ...(why === undefined ? [] : paragraph(why, { ...look, indent: 6 }))]
  })
  return [`  ${titles}`, ...told]
}

function floorLines({ state, events }: Part): readonly string[] {
  const floors = Object.entries(state.floors)
  if (floors.length === 0) return []
  const lines = table(
    [{ title: 'EFFECT' }, { title: 'NEWEST APPLIED (UTC)' }, { title: 'BY' }],
    floors.map(([key, { version, last_webhook_at, terminal }]) => {
      const by = events.find(event => event.version === version)?.event ?? 'an expired event'
      return [key, utc(last_webhook_at), terminal ? `${by} (terminal)` : by]
    }),
  )
  return lines.map(line => `  ${line}`)
}

function paintState(look: Look, text: string): string {
  const state = STATES.find(one => one === text)
  return state === undefined ? text : look.paint(TONES[state], text)
}
