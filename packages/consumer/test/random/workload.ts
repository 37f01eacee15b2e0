import { defineConsumer, effect, type Handler } from '@hookline/consumer'
import type { WebhookEvent } from '@hookline/contracts'
import { hcEvent, pointsEvent } from '../harness.ts'
import type { Random } from '@hookline/testkit'

const POINTS = ['authorized', 'approved', 'captured', 'completed', 'cancelled', 'refunded', 'refunded']
const HC = ['order.confirmed', 'order.paid', 'payment.completed', 'order.cancelled']

/** The events of a few orders, each once, in the order in which their senders send them: any. */
export function createEvents(random: Random): WebhookEvent[] {
  const orders = 1 + random.below(4)
  const events = Array.from({ length: orders }, (_, i) => (random.chance(0.6) ? pointsOrder : hcOrder)(random, `o${i}`))
  return shuffled(random, events.flat())
}

function pointsOrder(random: Random, id: string): WebhookEvent[] {
  return POINTS.filter(() => random.chance(0.6)).map((name, nth) => pointsEvent(name, random.below(12), { id, nth }))
}

function hcOrder(random: Random, id: string): WebhookEvent[] {
  const others = HC.filter(() => random.chance(0.6)).map(name => hcEvent(name, 1 + random.below(12), { id }))
  return [hcEvent('order.created', 0, { id }), ...others]
}

/** Snapshots, facts, snapshots that end something and are about fewer events; and facts in the service's own database. */
export function createConsumer(handler: Handler, tally: Handler) {
  return defineConsumer({
    name: 'random',
    effects: [
      effect({ name: 'order', policy: 'latest', on: { points: ['*'], hc: ['order.*', 'payment.*'] }, handler }),
      effect({
        name: 'entry',
        policy: 'every',
        on: { points: ['approved', 'captured', 'refunded'], hc: ['order.paid', 'payment.completed'] },
        handler,
      }),
      effect({
        name: 'fulfilment',
        policy: 'latest',
        on: { points: ['approved', 'captured', 'cancelled'], hc: ['order.confirmed', 'order.cancelled'] },
        terminal: isTerminal,
        handler,
      }),
      effect({
        name: 'tally',
        policy: 'every',
        transactional: true,
        on: { points: ['captured', 'refunded'], hc: ['order.paid'] },
        handler: tally,
      }),
    ],
  })
}

export function isTerminal({ event }: Pick<WebhookEvent, 'event'>): boolean {
  return event.endsWith('cancelled')
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map(item => ({ item, at: random.fraction() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
