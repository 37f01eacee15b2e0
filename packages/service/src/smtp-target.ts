import { createTransport } from 'nodemailer'
import pLimit from 'p-limit'
import { checkMail } from './mail-check.ts'
import type { Mail } from './mail-check.ts'
import { messageIdOf } from './message-id.ts'
import { smtpOutcome } from './smtp-outcome.ts'
import { targetBreaker } from './target-breaker.ts'
import type { BreakerOptions, TargetResult } from './target-breaker.ts'
import { EVENT_HEADER, eventHeader, orderOf } from './target-request.ts'
import type { TargetContext } from './target-request.ts'

export type SmtpTargetOptions = BreakerOptions & {
  /** How the server is called in errors, logs and metrics. Default `smtp`. */
  name?: string
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  url: string
  /** The sender, with or without a name: `Shop <shop@example.com>`. */
  from: string
  /** From asking the server for a connection, where none is kept, to its last reply. */
  requestTimeoutMs: number
  /** At most so many mails at a time, each on a connection that is kept. */
  connections: number
}

export type SmtpTarget = {
  /**
   * Returns when the server accepted the mail. A mail server does not deduplicate: what is `Unknown` and tried again
   * may arrive twice, with the same Message-ID, which is made of the effect key and the sender's domain.
   * @throws Permanent when the mail is refused (5xx, a line break in a header, not one address)
   * @throws Retryable when it surely was not accepted, Unknown when the connection ended after its contents had begun
   * @throws Outage when credentials, TLS or the sender are refused, or the breaker is open
   */
  send(mail: Mail, context: TargetContext): Promise<void>
  /** Ends the connections; a mail under way fails. */
  close(): void
}

export function smtpTarget(options: SmtpTargetOptions): SmtpTarget {
  const { name = 'smtp', url, from, requestTimeoutMs: timeoutMs, connections } = options
  const breaker = targetBreaker(name, options)
  // Who waits for one of our own connections does not wait for the server: it must not time out, half sent, and be sent again.
  const turn = pLimit(connections)
  const contentsBegun = new WeakMap<AbortSignal, () => boolean>()
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: connections,
    // nodemailer would send a mail again when its connection closed, also after the server took it.
    maxRequeues: 0,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  // nodemailer reads a mail's contents only once the server asked for them: until then it surely has nothing.
  transport.use('stream', (mail, done) => {
    const { message, data } = mail
    const createReadStream = message.createReadStream.bind(message)
    message.createReadStream = (...args) => {
      const contents = createReadStream(...args)
      if (data.signal) contentsBegun.set(data.signal, () => contents.readableDidRead)
      return contents
    }
    done()
  })

  async function attempt(mail: Mail, context: TargetContext): Promise<TargetResult<void>> {
    const ending = new AbortController()
    const end = (): void => ending.abort()
    const timer = setTimeout(end, timeoutMs)
    context.signal.addEventListener('abort', end, { once: true })
    if (context.signal.aborted) end()
    try {
      const headers = { ...mail.headers, [EVENT_HEADER]: eventHeader(context) }
      const messageId = messageIdOf(context.effectKey, from)
      await transport.sendMail({ ...mail, from, messageId, headers, signal: ending.signal })
      return { value: undefined, down: false }
    } catch (error) {
      const begun = contentsBegun.get(ending.signal)?.() ?? false
      const result = smtpOutcome(name, error, begun)
      return ending.signal.aborted ? { ...result, down: !context.signal.aborted } : result
    } finally {
      clearTimeout(timer)
      context.signal.removeEventListener('abort', end)
    }
  }

  return {
    async send(mail, context) {
      checkMail(mail)
      await turn(() => breaker.run(orderOf(context), () => attempt(mail, context)))
    },
    close: () => transport.close({ force: true }),
  }
}
