import type { DueEffect, OrderEvent, SuiteOrder } from '../events/order.ts'
import type { RawRequest } from './request.ts'

export interface Recognised {
  readonly order: SuiteOrder
  readonly event: OrderEvent
  readonly effect: string
  readonly declared: DueEffect | undefined
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/**
 * Which event and effect a request is for: as its `X-Hookline-Event` says, else by the order id, version or time that stand in
 * it, so that a service without the kit can be checked as well. Undefined where it does not tell.
 */
export function recognise(raw: RawRequest, orders: ReadonlyMap<string, SuiteOrder>): Recognised | undefined {
  const said = headerOf(raw.header)
  const order = orders.get(said.order ?? '') ?? orderIn(raw.text, orders)
  if (order === undefined) return undefined
  const event = eventOf(order, said, raw.text)
  if (event === undefined) return undefined
  const declared = declaredOf(event, said.effect)
  return { order, event, declared, effect: said.effect ?? declared?.name ?? raw.shape }
}

/** `source=…; order=…; event=…; effect=…; version=…`, values percent-encoded. */
function headerOf(header: string | undefined): Partial<Record<string, string>> {
  const fields = (header ?? '').split(';').map(part => part.trim().split('=', 2))
  return Object.fromEntries(fields.map(([name = '', value = '']) => [name, decoded(value)]))
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

function orderIn(text: string, orders: ReadonlyMap<string, SuiteOrder>): SuiteOrder | undefined {
  for (const [id] of text.matchAll(UUID)) {
    const order = orders.get(id)
    if (order) return order
  }
  return undefined
}

function eventOf(order: SuiteOrder, said: Partial<Record<string, string>>, text: string): OrderEvent | undefined {
  const { events } = order
  if (said.version !== undefined) return events.find(({ event }) => event.version === said.version)
  const told = events.filter(
    ({ event, timestamp }) =>
      text.includes(event.version) || text.includes(timestamp) || text.includes(event.last_webhook_at),
  )
  if (told.length === 1) return told[0]
  return events.length === 1 ? events[0] : undefined
}

function declaredOf({ effects }: OrderEvent, name: string | undefined): DueEffect | undefined {
  if (name !== undefined) return effects.find(effect => effect.name === name)
  return effects.length === 1 ? effects[0] : undefined
}
