import { Permanent } from '@hookline/consumer'

/** One mail to one address. */
export type Mail = {
  /** One address without a name. */
  to: string
  subject: string
  text: string
  html?: string
  headers?: Readonly<Record<string, string>>
}

// oxlint-disable-next-line no-control-regex
const LINE_BREAK = /[\r\n\0]/
const ONE_ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/
const LONGEST_ADDRESS = 254
const HEADER_NAME = /^[A-Za-z0-9-]+$/

/**
 * Refuses what could smuggle a header or a second recipient into a mail.
 * @throws Permanent; its message never repeats the value
 */
export function checkMail(mail: Mail): void {
  refuseLineBreaks('the address', mail.to)
  if (!ONE_ADDRESS.test(mail.to) || mail.to.length > LONGEST_ADDRESS) throw new Permanent('not one mail address')
  refuseLineBreaks('the subject', mail.subject)
  for (const [name, value] of Object.entries(mail.headers ?? {})) {
    if (!HEADER_NAME.test(name)) throw new Permanent('not a header name')
    refuseLineBreaks(`the header ${name}`, value)
  }
}

function refuseLineBreaks(what: string, value: string): void {
  if (LINE_BREAK.test(value)) throw new Permanent(`${what} has a line break or a NUL`)
}
