import type { Done, HandledEvent, HandlerContext } from '@hookline/consumer'
import type { SmtpTarget } from '@hookline/service'
import { customerOf } from './customer.ts'
import type { Language } from './language.ts'
import { type MailTemplate, render, type Values } from './render.ts'

export interface MailerOptions {
  smtp: SmtpTarget
  /** Where the event does not say which language the customer reads. */
  defaultLanguage: Language
  /** The part after `@` of every Message-ID. Changed between two attempts it makes two mails of one. */
  messageIdDomain: string
}

/** What a mail says. `values` are made for the language in which it is sent. */
interface Content {
  template: MailTemplate
  values: (language: Language) => Values
}

/** Sends one mail about an event to its customer, or says `no_recipient`. */
export type Mail = (event: HandledEvent, context: HandlerContext, content: Content) => Promise<void | Done>

export function mailer({ smtp, defaultLanguage, messageIdDomain }: MailerOptions): Mail {
  return async (event, context, { template, values }) => {
    const customer = customerOf(event, context)
    if (customer.email === undefined) return { note: 'no_recipient' }
    const language = customer.language ?? defaultLanguage
    const message = {
      to: customer.email,
      ...render(template, language, values(language)),
      messageId: `<${context.effectKey}@${messageIdDomain}>`,
      // no out-of-office answer may come back; RFC 3834
      headers: { 'Auto-Submitted': 'auto-generated' },
    }
    await smtp.send(message, { ...context, event })
    return undefined
  }
}
