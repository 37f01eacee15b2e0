import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { simpleParser } from 'mailparser'
import type { ParsedMail } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerSession } from 'smtp-server'
import { parseEventHeader } from './event-header.ts'
import type { Faults } from './faults.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import type { Message } from './mail.ts'
import { smtpReplyOf } from './smtp-reply.ts'

export type SmtpSide = {
  listen(options: { host: string; port: number }): Promise<{ port: number }>
  close(): Promise<void>
}

/**
 * The SMTP side of the stand-in mail server. Every message that it accepts is executed: a mail server does not
 * deduplicate. Any user and password will do, but `{"mode":"status","status":401}` refuses them.
 *
 * `down` without an order drops the connection before the message, so that it surely was not accepted; with one it
 * is dropped after DATA, when the order is known. Connections dropped before a message are counted as bites, they are
 * not in the ledger.
 */
export function createSmtp({
  ledger,
  faults,
  keep,
}: {
  ledger: Ledger
  faults: Faults
  keep: (message: Message) => void
}): SmtpSide {
  const sockets = new Map<string, Socket>()
  const closing = new AbortController()

  function reset(session: SMTPServerSession): void {
    sockets.get(socketName(session))?.resetAndDestroy()
  }

  async function take(session: SMTPServerSession, mail: ParsedMail, arrivedAt: string): Promise<Error | undefined> {
    const seen = describe(mail, arrivedAt)
    const fault = faults.take(seen.order_id)
    const faulted = { ...seen, ...(fault && { fault: fault.mode }) }
    if (fault?.mode === 'down') {
      ledger.add({ ...faulted, executed: false, status: 0 })
      reset(session)
      return undefined
    }
    if (fault?.mode === 'status') {
      const status = smtpReplyOf(fault.status)
      ledger.add({ ...faulted, executed: false, status })
      return reply(status, 'a fault is switched on')
    }
    if (fault?.mode === 'slow') await delay(fault.delay_ms, undefined, { signal: closing.signal })
    const { n, at } = ledger.add({ ...faulted, executed: true, status: 250 })
    keep({ n, at, order_id: seen.order_id, ...contents(session, mail) })
    if (fault?.mode === 'drop-answer') reset(session)
    return undefined
  }

  async function receive(stream: Readable, session: SMTPServerSession, done: (error?: Error) => void): Promise<void> {
    const arrivedAt = new Date().toISOString()
    try {
      done(await take(session, await simpleParser(stream), arrivedAt))
    } catch (error) {
      // A connection that ended inside DATA, or a mail that cannot be parsed: nothing was accepted.
      done(reply(451, error instanceof Error ? error.message : String(error)))
    }
  }

  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    // No STARTTLS: the clients would refuse a certificate that nobody signed.
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    closeTimeout: 1,
    onAuth: (auth, _session, done) => {
      const fault = faults.current()
      const refused = fault.mode === 'status' && smtpReplyOf(fault.status) === 530
      done(refused ? reply(535, 'a fault is switched on') : null, { user: auth.username ?? 'anyone' })
    },
    onConnect: (session, done) => (faults.take(undefined, ['down']) ? reset(session) : done()),
    onMailFrom: (_address, session, done) => (faults.take(undefined, ['down']) ? reset(session) : done()),
    onData: (stream, session, done) => {
      void receive(stream, session, done)
    },
  })
  // smtp-server emits the errors of its connections, resets among them; unheard they would end the process.
  server.on('error', () => undefined)
  server.server.on('connection', socket => {
    const name = `${socket.remoteAddress}:${socket.remotePort}`
    sockets.set(name, socket)
    socket.once('close', () => sockets.delete(name))
  })

  return {
    async listen({ host, port }) {
      await new Promise<void>((resolve, reject) => {
        server.server.once('error', reject)
        server.listen(port, host, resolve)
      })
      const address = server.server.address()
      if (address === null || typeof address === 'string') throw new TypeError('the SMTP server has no port')
      return { port: address.port }
    },
    async close() {
      closing.abort()
      for (const socket of sockets.values()) socket.destroy()
      await new Promise<void>(resolve => {
        server.close(resolve)
      })
    },
  }
}

function socketName(session: SMTPServerSession): string {
  return `${session.remoteAddress}:${session.remotePort}`
}

function describe(mail: ParsedMail, arrivedAt: string): Omit<LedgerEntry, 'n' | 'at' | 'executed' | 'status'> {
  const { order, source, event, effect, version } = parseEventHeader(mail.headers.get('x-hookline-event'))
  return { arrived_at: arrivedAt, order_id: order, source, event, effect, key: mail.messageId ?? '', version }
}

function contents(session: SMTPServerSession, mail: ParsedMail): Omit<Message, 'n' | 'at' | 'order_id'> {
  return {
    to: session.envelope.rcptTo.map(recipient => recipient.address).join(', '),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
    message_id: mail.messageId ?? '',
  }
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}
