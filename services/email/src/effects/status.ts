import { type CatalogueEvent, type Effect, effect, isFullRefund } from '@hookline/consumer'
import type { Mail } from '../mailer.ts'
import { orderValues } from '../order-values.ts'
import { cancellation } from '../templates/cancellation.ts'
import { confirmation } from '../templates/confirmation.ts'

type Message = 'confirmation' | 'cancellation' | 'nothing'

// `nothing`: the refund has a mail of its own, but a confirmation that comes after it must not be sent.
const POINTS: Readonly<Record<string, Message>> = {
  approved: 'confirmation',
  captured: 'confirmation',
  cancelled: 'cancellation',
  auto_refunded: 'nothing',
  refunded: 'nothing',
}

const HC: Readonly<Record<string, Message>> = {
  'order.confirmed': 'confirmation',
  'order.cancelled': 'cancellation',
}

const TEMPLATES = { confirmation, cancellation }

/** Confirms an order, once, or tells of its cancellation, whichever is newer. */
export function status(mail: Mail): Effect {
  return effect({
    name: 'status',
    policy: 'latest',
    on: { points: Object.keys(POINTS), hc: Object.keys(HC) },
    // a partial refund must not make the confirmation before it stale
    when: event => event.event !== 'refunded' || isFullRefund(event),
    terminal: event => messageOf(event) !== 'confirmation',
    handler: async (event, context) => {
      const message = messageOf(event)
      if (message === 'nothing') return { note: 'nothing_to_send' }
      if (message === 'confirmation' && context.state?.confirmed === true) return { note: 'already_confirmed' }
      const done = await mail(event, context, { template: TEMPLATES[message], values: () => orderValues(event) })
      // an order of which nobody could be told is confirmed by the next event that names somebody
      return done ?? (message === 'confirmation' ? { state: { confirmed: true } } : undefined)
    },
  })
}

function messageOf(event: CatalogueEvent): Message {
  return (event.source === 'points' ? POINTS : HC)[event.event] ?? 'nothing'
}
