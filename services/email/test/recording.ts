import type { Consumer, HandledEvent } from '@hookline/consumer'
import { deliver, type RecordedMail, recordingMailServer } from '@hookline/testkit'
import { email } from '../src/email.ts'
import type { Language } from '../src/language.ts'

/** The service, with a mail server that only records. */
export function recording(defaultLanguage: Language = 'en'): { consumer: Consumer; mails: readonly RecordedMail[] } {
  const smtp = recordingMailServer()
  return { consumer: email.with({ smtp }, { MAIL_LANGUAGE: defaultLanguage }), mails: smtp.requests }
}

/** The one mail that an event makes. */
export async function mailOf(event: HandledEvent, defaultLanguage?: Language): Promise<RecordedMail> {
  const { consumer, mails } = recording(defaultLanguage)
  await deliver(consumer, event)
  const [mail, more] = mails
  if (!mail || more) throw new Error(`${mails.length} mails`)
  return mail
}
