import { Type } from 'typebox'
import { languages } from './language.ts'

export const config = Type.Object({
  SMTP_URL: Type.String({ pattern: '^smtps?://', description: 'the mail server; may hold a user and a password' }),
  MAIL_FROM: Type.String({
    pattern: '^[^@\\r\\n]+@[^@\\s<>]+>?$',
    description: 'the sender, such as Shop <orders@shop.example>; its domain is that of every Message-ID',
  }),
  MAIL_LANGUAGE: Type.Enum([...languages], {
    default: 'en',
    description: 'the language of mails where the order does not name one',
  }),
})
