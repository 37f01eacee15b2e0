import type { Consumer, HandledEvent } from '@hookline/consumer'
import type { SmtpTarget } from '@hookline/service'
import { email } from '../src/email.ts'
import type { Language } from '../src/language.ts'
import { deliver } from '@hookline/testkit'

/** `key`: what its Message-ID is made of. */
export type Sent = Required<Parameters<SmtpTarget['send']>[0]> & { key: string }

/** The service, with a mail server that only remembers. */
export function capturing(defaultLanguage: Language = 'en'): { consumer: Consumer; mails: Sent[] } {
  const mails: Sent[] = []
  const send: SmtpTarget['send'] = async (mail, { effectKey: key }) => {
    mails.push({ html: '', headers: {}, ...mail, key })
  }
  const smtp = { send } as SmtpTarget
  return { consumer: email.with({ smtp }, { MAIL_LANGUAGE: defaultLanguage }), mails }
}

/** The one mail that an event makes. */
export async function mailOf(event: HandledEvent, defaultLanguage?: Language): Promise<Sent> {
  const { consumer, mails } = capturing(defaultLanguage)
  await deliver(consumer, event)
  const [mail, more] = mails
  if (!mail || more) throw new Error(`${mails.length} mails`)
  return mail
}
