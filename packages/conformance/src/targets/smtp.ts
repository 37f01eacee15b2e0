import { createHash } from 'node:crypto'
import type { AddressInfo, Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { LOOPBACK } from '@hookline/local'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import type { Served } from './http.ts'
import type { Recorder } from './recorder.ts'
import type { Ended, RawRequest } from './request.ts'

type Done = (error?: Error | null) => void

/** A mail server that takes every mail and writes it down. A refusal is a reply 550, or 451 where it is a 5xx. */
export async function serveSmtp(target: string, recorder: Recorder): Promise<Served> {
  const sockets = new Map<string, Socket>()
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    // no STARTTLS: a client would refuse a certificate that nobody signed
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    closeTimeout: 1,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? 'anyone' }),
    onData: (stream, session, done) => void receive(stream, session, done),
  })
  server.on('error', () => undefined) // connections that were reset; unheard they would end the process
  server.server.on('connection', socket => {
    if (recorder.down) {
      recorder.refused++
      socket.resetAndDestroy()
      return
    }
    const name = `${socket.remoteAddress}:${socket.remotePort}`
    sockets.set(name, socket)
    socket.once('close', () => sockets.delete(name))
  })

  async function receive(stream: Readable, session: SMTPServerSession, done: Done): Promise<void> {
    try {
      await take(stream, session, done)
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error))) // a mail that nobody can parse
    }
  }

  async function take(stream: Readable, session: SMTPServerSession, done: Done): Promise<void> {
    const mail = await simpleParser(stream)
    const socket = sockets.get(`${session.remoteAddress}:${session.remotePort}`)
    const begun = recorder.begin(rawOf(target, mail))
    const { answer } = begun
    const left = () => begun.end({ kind: 'left' })
    socket?.once('close', left)
    const end = (how: Ended) => {
      socket?.off('close', left) // a connection carries many mails
      begun.end(how)
    }
    switch (answer.kind) {
      case 'ok':
        if (answer.afterMs !== undefined) await delay(answer.afterMs, undefined, { ref: false })
        if (socket?.destroyed) return
        done()
        end({ kind: 'answered', status: 250 })
        answer.afterwards?.()
        return
      case 'refuse':
        done(Object.assign(new Error('refused'), { responseCode: answer.status >= 500 ? 451 : 550 }))
        end({ kind: 'answered', status: answer.status })
        return
      case 'cut':
        end({ kind: 'cut' })
        socket?.resetAndDestroy()
        return
      case 'never':
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(0, LOOPBACK, resolve)
  })
  const hangUp = () => {
    for (const socket of sockets.values()) socket.destroy()
  }
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a server that listens on a port says
    url: `smtp://${LOOPBACK}:${(server.server.address() as AddressInfo).port}`,
    hangUp,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        hangUp()
      }),
  }
}

function rawOf(target: string, mail: ParsedMail): RawRequest {
  const header = mail.headers.get('x-hookline-event')
  const { subject = '', text = '', html } = mail
  // not the bytes: a mail's date and its boundaries are new each time, and nobody reads them
  const contents = [
    subject,
    text,
    html || '',
    [mail.to]
      .flat()
      .map(to => to?.text)
      .join(),
  ].join('\n')
  return {
    target,
    header: typeof header === 'string' ? header : undefined,
    key: mail.messageId ?? '',
    text: contents,
    shape: 'mail',
    digest: createHash('sha256').update(contents).digest('hex').slice(0, 16),
  }
}
