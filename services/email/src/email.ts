import { type Consumer, defineConsumer } from '@hookline/consumer'
import { address } from './effects/address.ts'
import { refund } from './effects/refund.ts'
import { shipping } from './effects/shipping.ts'
import { status } from './effects/status.ts'
import { type MailerOptions, mailer } from './mailer.ts'

/** Mails to the customer. */
export function email(options: MailerOptions): Consumer {
  const mail = mailer(options)
  return defineConsumer({
    name: 'email',
    effects: [address(), status(mail), refund(mail), shipping(mail)],
    notes: ['no_recipient', 'nothing_to_send', 'already_confirmed'],
  })
}
