import { type Effect, effect, type HcOrder } from '@hookline/consumer'
import { ADDRESS } from '../customer.ts'
import { languageOf } from '../language.ts'

const LONGEST_ADDRESS = 254

/**
 * Sends nothing: remembers the customer from HC's events of the order itself, because its refunds and fulfilments name
 * none. Declared first, so that the mails of the very event have it.
 */
export function address(): Effect {
  return effect({
    name: ADDRESS,
    policy: 'latest',
    on: { hc: ['order.*', 'payment.completed', 'payment.failed'] },
    handler: async (event, { state }) => {
      const email = addressOf(event.order)
      const language = languageOf(event)
      if (email === undefined && language === undefined) return undefined
      return { state: { ...state, ...(email !== undefined && { email }), ...(language && { language }) } }
    },
  })
}

/** Only what may be an address: what else it says is refused when a mail to it is about to be sent. */
function addressOf({ customer, email }: HcOrder): string | undefined {
  const sent = [customer?.email, email].find(value => typeof value === 'string' && value.includes('@'))
  return typeof sent === 'string' && sent.length <= LONGEST_ADDRESS ? sent : undefined
}
