import { connect } from 'node:net'
import { once } from 'node:events'
import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox } from '../src/index.ts'
import type { Sandbox } from '../src/index.ts'
import { eventHeader, eventually, faultsOf, ledgerOf, messagesOf, setFault } from './client.ts'

let sandbox: Sandbox

beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

/** One mail over a connection of its own; the promise is the server's answer. */
async function mail(order: string, options: { user?: string } = {}): Promise<string> {
  const event = { source: 'hc', order, event: 'order.confirmed', effect: 'status', version: '17.0.30.ab' }
  const url = options.user === undefined ? sandbox.smtp : sandbox.smtp.replace('//', `//${options.user}:secret@`)
  const { response } = await createTransport({ url }).sendMail({
    from: 'Shop <shop@example.com>',
    to: 'Buyer <buyer@example.com>',
    subject: 'تم تأكيد طلبك',
    text: `order ${order}`,
    html: `<p>order ${order}</p>`,
    messageId: `<${order}@hookline>`,
    headers: { 'X-Hookline-Event': eventHeader(event) },
  })
  return response
}

describe('the mail server', () => {
  test('an accepted mail is in the ledger and among the messages, field by field', async () => {
    // Long enough for the header to be folded on its way.
    const order = `order-${'x'.repeat(120)}`
    await mail(order)
    const [row, ...more] = await ledgerOf(sandbox.mail, order)
    const { at, arrived_at: arrivedAt, ...rest } = row!
    expect(more).toEqual([])
    expect(Date.parse(at)).toBeGreaterThanOrEqual(Date.parse(arrivedAt))
    expect(rest).toEqual({
      n: 1,
      order_id: order,
      source: 'hc',
      event: 'order.confirmed',
      effect: 'status',
      key: `<${order}@hookline>`,
      version: '17.0.30.ab',
      executed: true,
      status: 250,
    })
    expect(await messagesOf(sandbox.mail, order)).toEqual([
      {
        n: 1,
        at,
        order_id: order,
        to: 'buyer@example.com',
        subject: 'تم تأكيد طلبك',
        text: `order ${order}`,
        html: `<p>order ${order}</p>`,
        message_id: `<${order}@hookline>`,
      },
    ])
    expect(await messagesOf(sandbox.mail, 'another')).toEqual([])
  })

  test('it does not deduplicate: the same Message-ID twice is executed twice', async () => {
    await mail('a')
    await mail('a')
    expect((await ledgerOf(sandbox.mail, 'a')).map(row => [row.key, row.executed])).toEqual([
      ['<a@hookline>', true],
      ['<a@hookline>', true],
    ])
    expect(await messagesOf(sandbox.mail, 'a')).toHaveLength(2)
  })

  test('any user may log in', async () => {
    expect(await mail('a', { user: 'somebody' })).toMatch(/^250 /)
  })

  test('a mail whose connection ends inside DATA is not accepted', async () => {
    const { hostname, port } = new URL(sandbox.smtp)
    const socket = connect(Number(port), hostname)
    for (const line of ['EHLO x', 'MAIL FROM:<a@example.com>', 'RCPT TO:<b@example.com>', 'DATA']) {
      await once(socket, 'data')
      socket.write(`${line}\r\n`)
    }
    await once(socket, 'data')
    socket.end('Subject: half\r\nX-Hookline-Event: order=half\r\n\r\nhalf a message')
    await once(socket, 'close')
    await mail('whole')
    expect((await ledgerOf(sandbox.mail)).map(row => row.order_id)).toEqual(['whole'])
  })

  test('down drops the connection before the mail, and the HTTP side keeps answering', async () => {
    await setFault(sandbox.mail, { mode: 'down' })
    await expect(mail('a')).rejects.toMatchObject({ code: expect.stringMatching(/^(ECONNECTION|ESOCKET)$/) })
    expect(await ledgerOf(sandbox.mail)).toEqual([])
    expect((await faultsOf(sandbox.mail)).bites).toBe(1)
    await setFault(sandbox.mail, { mode: 'ok' })
    expect(await mail('a')).toMatch(/^250 /)
  })

  test('down for one order cuts that mail unaccepted and lets others through', async () => {
    await setFault(sandbox.mail, { mode: 'down', order_id: 'a' })
    expect(await mail('b')).toMatch(/^250 /)
    await expect(mail('a')).rejects.toMatchObject({ command: 'CONN' })
    expect(await messagesOf(sandbox.mail, 'a')).toEqual([])
    expect(await ledgerOf(sandbox.mail, 'a')).toMatchObject([{ executed: false, status: 0, fault: 'down' }])
  })

  test.each([
    [503, 451],
    [429, 451],
    [500, 451],
    [400, 550],
    [401, 530],
    [421, 421],
    [452, 452],
    [552, 552],
  ])('status %i is the reply %i, and nothing is accepted', async (status, responseCode) => {
    await setFault(sandbox.mail, { mode: 'status', status, count: 1 })
    await expect(mail('a')).rejects.toMatchObject({ responseCode })
    expect(await mail('a')).toMatch(/^250 /)
    expect(await ledgerOf(sandbox.mail, 'a')).toMatchObject([
      { executed: false, status: responseCode, fault: 'status' },
      { executed: true, status: 250 },
    ])
    expect(await messagesOf(sandbox.mail, 'a')).toHaveLength(1)
  })

  test('status 401 refuses the password of a client that has one', async () => {
    await setFault(sandbox.mail, { mode: 'status', status: 401 })
    await expect(mail('a', { user: 'somebody' })).rejects.toMatchObject({ code: 'EAUTH', responseCode: 535 })
  })

  test('slow accepts after the delay', async () => {
    await setFault(sandbox.mail, { mode: 'slow', delay_ms: 200 })
    const sent = mail('a')
    await eventually(async () => (await faultsOf(sandbox.mail)).bites).toBe(1)
    expect(await ledgerOf(sandbox.mail)).toEqual([])
    expect(await sent).toMatch(/^250 /)
    expect(await ledgerOf(sandbox.mail)).toMatchObject([{ executed: true, fault: 'slow' }])
  })

  test('drop-answer accepts the mail and cuts the connection before the reply', async () => {
    await setFault(sandbox.mail, { mode: 'drop-answer', order_id: 'a', count: 1 })
    await expect(mail('a')).rejects.toMatchObject({ command: 'CONN' })
    expect(await messagesOf(sandbox.mail, 'a')).toHaveLength(1)
    expect(await mail('a')).toMatch(/^250 /)
    expect(await ledgerOf(sandbox.mail, 'a')).toMatchObject([
      { executed: true, status: 250, fault: 'drop-answer' },
      { executed: true, status: 250 },
    ])
  })
})
