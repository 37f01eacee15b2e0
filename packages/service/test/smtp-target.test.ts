import { createServer } from 'node:net'
import type { Server } from 'node:net'
import { Outage, Permanent, Retryable, Unknown } from '@hookline/consumer'
import { startSandbox } from '@hookline/sandbox'
import type { Message, Sandbox } from '@hookline/sandbox'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Mail } from '../src/mail-check.ts'
import { smtpTarget } from '../src/smtp-target.ts'
import type { SmtpTarget, SmtpTargetOptions } from '../src/smtp-target.ts'
import { bitesOf, contextOf, eventually, ledgerOf, setFault, thrownBy } from './target-fixture.ts'

let sandbox: Sandbox
let smtp: SmtpTarget
const open: { close(): unknown }[] = []

beforeEach(async () => {
  sandbox = await startSandbox()
  open.push(sandbox)
  smtp = target({})
})
afterEach(async () => {
  while (open.length > 0) await open.pop()?.close()
})

function target(options: Partial<SmtpTargetOptions>): SmtpTarget {
  const from = 'Shop <shop@example.com>'
  const defaults = { url: sandbox.smtp, from, requestTimeoutMs: 30_000, connections: 2, breakAfter: 1_000 }
  const made = smtpTarget({ ...defaults, ...options })
  open.push(made)
  return made
}

function send(
  order: string,
  more: { via?: SmtpTarget; mail?: Partial<Mail>; signal?: AbortSignal } = {},
): Promise<void> {
  const { via = smtp, mail = {}, signal } = more
  const whole = {
    to: 'buyer@example.com',
    subject: 'Your order',
    text: 'Thank you.',
    html: '<p>Thank you.</p>',
    ...mail,
  }
  return via.send(whole, { ...contextOf(order, signal && { signal }), effect: 'status' })
}

async function messages(): Promise<Message[]> {
  const { messages: all }: { messages: Message[] } = JSON.parse(await (await fetch(`${sandbox.mail}/messages`)).text())
  return all
}

/** A server that answers each command with what `reply` says, and everything else with 250. */
async function scripted(reply: (command: string) => string | undefined, greeting = '220 hello'): Promise<string> {
  const server: Server = createServer(socket => {
    let inData = false
    socket.on('error', () => undefined)
    socket.write(`${greeting}\r\n`)
    socket.on('data', data => {
      const text = data.toString()
      if (inData && !text.endsWith('\r\n.\r\n')) return
      const command = inData ? '.' : (text.trim().split(' ')[0] ?? '')
      inData = command === 'DATA' && reply(command) === undefined
      socket.write(`${reply(command) ?? (inData ? '354 go on' : '250 ok')}\r\n`)
    })
  })
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no port')
  open.push(server)
  return `smtp://127.0.0.1:${address.port}`
}

describe('a mail', () => {
  test('arrives as it was given, with its Message-ID and what it is for', async () => {
    await send('a', { mail: { subject: 'تم تأكيد طلبك', headers: { 'Auto-Submitted': 'auto-generated' } } })
    expect(await messages()).toMatchObject([
      {
        order_id: 'a',
        to: 'buyer@example.com',
        subject: 'تم تأكيد طلبك',
        text: 'Thank you.',
        html: '<p>Thank you.</p>',
        message_id: '<key-of-a@example.com>',
      },
    ])
    expect(await ledgerOf(sandbox.mail)).toMatchObject([
      {
        source: 'points',
        event: 'approved',
        effect: 'status',
        key: '<key-of-a@example.com>',
        version: '1760000000000.0000000000.30.0123456789abcdef',
        executed: true,
      },
    ])
  })

  test('many at once all arrive, once each', async () => {
    const orders = Array.from({ length: 50 }, (_, n) => `o-${n}`)
    await Promise.all(orders.map(order => send(order)))
    expect((await messages()).map(message => message.order_id).sort()).toEqual(orders.sort())
  })

  test.each<[string, Partial<Mail>]>([
    ['two addresses', { to: 'a@example.com, b@example.com' }],
    ['two addresses by a semicolon', { to: 'a@example.com;b@example.com' }],
    ['a name', { to: 'Buyer <buyer@example.com>' }],
    ['a group', { to: 'all: a@example.com;' }],
    ['no address', { to: '' }],
    ['no domain', { to: 'buyer' }],
    ['an address with a line break', { to: 'buyer@example.com\r\nBcc: c@example.com' }],
    ['an address with a NUL', { to: 'buyer\0@example.com' }],
    ['an address that is too long', { to: `${'x'.repeat(250)}@example.com` }],
    ['a subject with a line break', { subject: 'Hi\nBcc: c@example.com' }],
    ['a subject with a carriage return', { subject: 'Hi\rBcc: c@example.com' }],
    ['a header with a line break', { headers: { 'X-Note': 'a\r\nBcc: c@example.com' } }],
    ['a header name with a line break', { headers: { 'X-Note: a\r\nBcc': 'c@example.com' } }],
  ])('with %s is refused for good, and the error does not repeat it', async (_name, mail) => {
    const error = await thrownBy(send('a', { mail }))
    expect(error).toBeInstanceOf(Permanent)
    expect(JSON.stringify([String(error), error])).not.toMatch(/example|buyer/)
    expect(await messages()).toEqual([])
  })
})

describe('a server that refuses', () => {
  test.each([
    [503, Retryable],
    [452, Retryable],
    [421, Retryable],
    [550, Permanent],
    [401, Outage],
  ])('the mail with %i: %o', async (status, kind) => {
    await setFault(sandbox.mail, { mode: 'status', status, count: 1 })
    expect(await thrownBy(send('a'))).toBeInstanceOf(kind)
    await send('a')
    expect(await messages()).toHaveLength(1)
  })

  test.each([
    ['EHLO', '421 busy', Retryable],
    ['MAIL', '451 later', Retryable],
    ['MAIL', '530 authentication required', Outage],
    ['MAIL', '553 not you', Outage],
    ['MAIL', '552 too large', Permanent],
    ['RCPT', '450 grey', Retryable],
    ['RCPT', '452 too many', Retryable],
    ['RCPT', '550 no <buyer@example.com> here', Permanent],
    ['DATA', '451 later', Retryable],
    ['DATA', '554 no', Permanent],
    ['.', '421 going down', Retryable],
    ['.', '452 no room', Retryable],
    ['.', '554 spam', Permanent],
    ['.', '503 what', Retryable],
  ])('%s with "%s": %o', async (command, reply, kind) => {
    const url = await scripted(seen => (seen === command ? reply : undefined))
    const error = await thrownBy(send('a', { via: target({ url }) }))
    expect(error).toBeInstanceOf(kind)
    expect((error as Permanent).answer).toContain(reply.replace('<buyer@example.com>', '<<address>>'))
    expect(JSON.stringify([String(error), error])).not.toContain('buyer')
  })

  test('everybody for now, in its greeting', async () => {
    const url = await scripted(() => undefined, '421 busy')
    expect(await thrownBy(send('a', { via: target({ url }) }))).toBeInstanceOf(Retryable)
  })

  test('everybody, in its greeting', async () => {
    const url = await scripted(() => undefined, '554 no service')
    expect(await thrownBy(send('a', { via: target({ url }) }))).toBeInstanceOf(Outage)
  })

  test('the password', async () => {
    await setFault(sandbox.mail, { mode: 'status', status: 401 })
    const url = sandbox.smtp.replace('//', '//user:very-secret@')
    const error = await thrownBy(send('a', { via: target({ url }) }))
    expect(error).toBeInstanceOf(Outage)
    expect(JSON.stringify([String(error), error])).not.toContain('very-secret')
  })

  test('TLS', async () => {
    const url = sandbox.smtp.replace('smtp:', 'smtps:')
    expect(await thrownBy(send('a', { via: target({ url }) }))).toBeInstanceOf(Outage)
  })
})

describe('a connection that fails', () => {
  test('refused: surely not sent', async () => {
    const gone = await startSandbox()
    await gone.close()
    const error = await thrownBy(send('a', { via: target({ url: gone.smtp }) }))
    expect(error).toBeInstanceOf(Retryable)
    expect(error).toMatchObject({ message: 'smtp at CONN ECONNREFUSED' })
  })

  test('dropped before the contents, new or kept: surely not sent, and nodemailer does not try again', async () => {
    await setFault(sandbox.mail, { mode: 'down' })
    expect(await thrownBy(send('a'))).toBeInstanceOf(Retryable)
    await setFault(sandbox.mail, { mode: 'ok' })
    await send('b')
    const before = await bitesOf(sandbox.mail)
    await setFault(sandbox.mail, { mode: 'down' })
    expect(await thrownBy(send('c'))).toBeInstanceOf(Retryable)
    expect((await bitesOf(sandbox.mail)) - before).toBe(1)
  })

  test('cut after the contents, accepted: may be sent', async () => {
    await setFault(sandbox.mail, { mode: 'drop-answer', count: 1 })
    expect(await thrownBy(send('a'))).toBeInstanceOf(Unknown)
    expect(await messages()).toHaveLength(1)
    await send('a')
    expect((await messages()).map(message => message.message_id)).toEqual([
      '<key-of-a@example.com>',
      '<key-of-a@example.com>',
    ])
  })

  test('cut after the contents, not accepted: may be sent', async () => {
    await setFault(sandbox.mail, { mode: 'down', order_id: 'a' })
    expect(await thrownBy(send('a'))).toBeInstanceOf(Unknown)
    expect(await messages()).toEqual([])
  })

  test('cut on a kept connection after the contents: may be sent, and is not sent again by itself', async () => {
    await send('a')
    await setFault(sandbox.mail, { mode: 'drop-answer', count: 1 })
    expect(await thrownBy(send('b'))).toBeInstanceOf(Unknown)
    await send('c')
    expect((await messages()).map(message => message.order_id)).toEqual(['a', 'b', 'c'])
  })

  test('a time-out before the contents: surely not sent', async () => {
    const url = await scripted(command => (command === 'RCPT' ? '' : undefined))
    expect(await thrownBy(send('a', { via: target({ url, requestTimeoutMs: 1_000 }) }))).toBeInstanceOf(Retryable)
  })

  test('a time-out after the contents: may be sent', async () => {
    await setFault(sandbox.mail, { mode: 'slow', delay_ms: 60_000 })
    expect(await thrownBy(send('a', { via: target({ requestTimeoutMs: 2_000 }) }))).toBeInstanceOf(Unknown)
  })

  test('mails that wait for a connection of ours do not time out: each arrives once', async () => {
    const one = target({ connections: 1, requestTimeoutMs: 2_500 })
    await setFault(sandbox.mail, { mode: 'slow', delay_ms: 500 })
    const orders = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    await Promise.all(orders.map(order => send(order, { via: one })))
    expect((await messages()).map(message => message.order_id).sort()).toEqual(orders)
  })

  test('aborted after the contents: may be sent; before them: surely not', async () => {
    await setFault(sandbox.mail, { mode: 'slow', delay_ms: 500 })
    const lease = new AbortController()
    const error = thrownBy(send('a', { signal: lease.signal }))
    await eventually(() => bitesOf(sandbox.mail)).toBe(1)
    lease.abort()
    expect(await error).toBeInstanceOf(Unknown)
    expect(await thrownBy(send('b', { signal: lease.signal }))).toBeInstanceOf(Retryable)
    await setFault(sandbox.mail, { mode: 'ok' })
    await send('c')
    await eventually(async () => (await messages()).map(message => message.order_id).sort()).toEqual(['a', 'c'])
  })

  test('aborted while it waited for a connection: surely not sent, and never sent later', async () => {
    const one = target({ connections: 1 })
    await setFault(sandbox.mail, { mode: 'slow', delay_ms: 500 })
    const first = send('a', { via: one })
    await eventually(() => bitesOf(sandbox.mail)).toBe(1)
    const lease = new AbortController()
    const second = thrownBy(send('b', { via: one, signal: lease.signal }))
    lease.abort()
    expect(await second).toBeInstanceOf(Retryable)
    await first
    await send('c', { via: one })
    expect((await messages()).map(message => message.order_id)).toEqual(['a', 'c'])
  })
})

describe('the breaker', () => {
  test('stops asking a server that is down, and closes when it is well', async () => {
    const states: string[] = []
    const via = target({ breakAfter: 2, halfOpenAfterMs: 300, onBreaker: state => states.push(state) })
    await setFault(sandbox.mail, { mode: 'down' })
    for (const order of ['a', 'b']) expect(await thrownBy(send(order, { via }))).toBeInstanceOf(Retryable)
    const error = await thrownBy(send('c', { via }))
    expect(error).toBeInstanceOf(Outage)
    expect((error as Outage).retryAfterMs).toBeGreaterThan(0)
    expect(await bitesOf(sandbox.mail)).toBe(2)
    await setFault(sandbox.mail, { mode: 'ok' })
    await eventually(() =>
      send('d', { via }).then(
        () => 'sent',
        () => 'refused',
      ),
    ).toBe('sent')
    expect(states).toEqual(['open', 'half-open', 'closed'])
  })

  test('is not opened by mails that are refused', async () => {
    const via = target({ breakAfter: 1 })
    await setFault(sandbox.mail, { mode: 'status', status: 550, count: 2 })
    for (const order of ['a', 'b']) expect(await thrownBy(send(order, { via }))).toBeInstanceOf(Permanent)
    await send('c', { via })
  })
})
