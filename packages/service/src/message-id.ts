import { domainToASCII } from 'node:url'

/**
 * The Message-ID of an effect's mail, the same for every attempt, so that a mail that is sent twice is the same mail. Its
 * domain is that of the sender's address, in ASCII: a sender of another domain makes two mails of one.
 * Source: RFC 5322, section 3.6.4.
 */
export function messageIdOf(effectKey: string, from: string): string {
  return `<${effectKey}@${domainToASCII(from.slice(from.lastIndexOf('@') + 1).replace(/>$/, ''))}>`
}
