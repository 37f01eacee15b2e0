import type { CatalogueEvent, Done, HandlerContext } from '@hookline/consumer'
import type { SmtpTarget } from '@hookline/service'
import { customerOf } from './customer.ts'
import type { Language } from './language.ts'
import { type MailTemplate, render, type Values } from './render.ts'

/** What a mail says. `values` are made for the language in which it is sent. */
interface Content {
  template: MailTemplate
  values: (language: Language) => Values
}

/** Sends one mail about an event to its customer, or says `no_recipient`. */
export type Mail = (event: CatalogueEvent, context: HandlerContext, content: Content) => Promise<void | Done>

/** `defaultLanguage`: where the event does not say which one the customer reads. */
export function mailer(smtp: SmtpTarget, defaultLanguage: Language): Mail {
  return async (event, context, { template, values }) => {
    const customer = customerOf(event, context)
    if (customer.email === undefined) return { note: 'no_recipient' }
    const language = customer.language ?? defaultLanguage
    const message = {
      to: customer.email,
      ...render(template, language, values(language)),
      // no out-of-office answer may come back; RFC 3834
      headers: { 'Auto-Submitted': 'auto-generated' },
    }
    await smtp.send(message, context)
    return undefined
  }
}
