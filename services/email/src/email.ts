import { defineConsumer } from '@hookline/consumer'
import { smtp } from '@hookline/service'
import { Type } from 'typebox'
import { address } from './effects/address.ts'
import { refund } from './effects/refund.ts'
import { shipping } from './effects/shipping.ts'
import { status } from './effects/status.ts'
import { languages } from './language.ts'
import { mailer } from './mailer.ts'

/** Mails to the customer. */
export const email = defineConsumer({
  name: 'email',
  targets: { smtp: smtp() },
  config: {
    MAIL_LANGUAGE: Type.Enum([...languages], {
      default: 'en',
      description: 'the language of mails where the order does not name one',
    }),
  },
  effects: ({ smtp }, { MAIL_LANGUAGE }) => {
    const mail = mailer(smtp, MAIL_LANGUAGE)
    return [address(), status(mail), refund(mail), shipping(mail)]
  },
  notes: ['no_recipient', 'nothing_to_send', 'already_confirmed'],
})
