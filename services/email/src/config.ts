import { domainToASCII } from 'node:url'
import { Type } from 'typebox'
import { languages } from './language.ts'

export const config = Type.Object({
  SMTP_URL: Type.String({ pattern: '^smtps?://', description: 'the mail server; may hold a user and a password' }),
  SMTP_CONNECTIONS: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 100,
    description: 'at most so many mails at a time; mail servers commonly limit it to 10 or 20 a client',
  }),
  MAIL_FROM: Type.String({
    pattern: '^[^@\\r\\n]+@[^@\\s<>]+>?$',
    description: 'the sender, such as Shop <orders@shop.example>; its domain is that of every Message-ID',
  }),
  MAIL_LANGUAGE: Type.Enum([...languages], {
    default: 'en',
    description: 'the language of mails where the order does not name one',
  }),
})

/** The domain of the sender's address, in ASCII, as a Message-ID needs it. */
export function messageIdDomain(mailFrom: string): string {
  return domainToASCII(mailFrom.slice(mailFrom.lastIndexOf('@') + 1).replace(/>$/, ''))
}
