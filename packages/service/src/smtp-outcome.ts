import { Outage, Permanent, Retryable, Unknown } from '@hookline/consumer'
import type { NodemailerError } from 'nodemailer'
import { readableAnswer } from './target-answer.ts'
import type { TargetFailure } from './target-breaker.ts'
import { isTlsFailure } from './target-tls.ts'

// Nobody's mail can be sent with these settings: credentials, TLS, the server's greeting.
const CONFIGURATION = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ETLS', 'EREQUIRETLS', 'ECONFIG', 'EPROXY'])
const AUTHENTICATION_REPLIES = new Set([530, 534, 535, 538])
const BEFORE_A_MAIL = new Set(['CONN', 'EHLO', 'HELO', 'STARTTLS'])

/**
 * What a failed sending says of the mail; nodemailer's own error names addresses and goes no further.
 * `begun`: some of its contents had left, so that it may have been accepted.
 */
export function smtpOutcome(name: string, error: unknown, begun: boolean): TargetFailure {
  const failure: NodemailerError = error instanceof Error ? error : new Error('not an Error')
  const { code = '', originalCode, command = '', responseCode, response = '' } = failure
  const what = responseCode ?? originalCode ?? (code || 'failed')
  const message = [name, command && `at ${command}`, what].filter(Boolean).join(' ')
  const answer = readableAnswer(response)
  const options = answer === '' ? {} : { answer }

  if (responseCode === undefined) {
    if (CONFIGURATION.has(code) || isTlsFailure(originalCode ?? '')) return { error: new Outage(message), down: true }
    // nodemailer itself refuses the recipient or the size before it sends anything.
    if (!begun && (code === 'EENVELOPE' || code === 'EMESSAGE')) return { error: new Permanent(message), down: false }
    return { error: begun ? new Unknown(message) : new Retryable(message), down: code !== 'EABORT' }
  }
  if (responseCode < 400)
    return { error: begun ? new Unknown(message, options) : new Retryable(message, options), down: true }
  // 503 says that the conversation got out of step, not that the mail is refused.
  if (responseCode < 500 || responseCode === 503) {
    return { error: new Retryable(message, options), down: command !== 'RCPT TO' }
  }
  const everybodys = BEFORE_A_MAIL.has(command) || (command === 'MAIL FROM' && responseCode !== 552)
  if (everybodys || code === 'EAUTH' || AUTHENTICATION_REPLIES.has(responseCode)) {
    return { error: new Outage(message, options), down: true }
  }
  return { error: new Permanent(message, options), down: false }
}
