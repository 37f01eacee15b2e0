import { type Consumer, Permanent, Retryable, Unknown } from '@hookline/consumer'
import { type Fault, type LedgerEntry, type Message, type Sandbox, startSandbox } from '@hookline/sandbox'
import { type SmtpTarget, smtpTarget } from '@hookline/service'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { email } from '../src/email.ts'
import { deliver, hc, points } from '@hookline/testkit'

let sandbox: Sandbox
let smtp: SmtpTarget
let consumer: Consumer

beforeAll(async () => {
  sandbox = await startSandbox()
  smtp = smtpTarget({
    url: sandbox.smtp,
    from: 'Shop <orders@shop.example>',
    requestTimeoutMs: 10_000,
    connections: 2,
  })
  consumer = email.with({ smtp }, { MAIL_LANGUAGE: 'ar' })
})

beforeEach(async () => {
  await setFault({ mode: 'ok' })
  await fetch(`${sandbox.mail}/ledger`, { method: 'DELETE' })
})

afterAll(async () => {
  smtp.close()
  await sandbox.close()
})

async function setFault(fault: Fault): Promise<void> {
  await fetch(`${sandbox.mail}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
}

async function ledger(): Promise<readonly LedgerEntry[]> {
  const answer = await fetch(`${sandbox.mail}/ledger`)
  return ((await answer.json()) as { entries: LedgerEntry[] }).entries
}

test('the customer has the mail, in the language and the words of the event', async () => {
  const event = points('approved', { metadata: { email: 'a@shop.example' }, total_price: 150.75 })
  await deliver(consumer, event)
  const answer = await fetch(`${sandbox.mail}/messages?order_id=p-1`)
  const { messages } = (await answer.json()) as { messages: Message[] }
  const [entry] = await ledger()
  expect(messages).toMatchObject([{ to: 'a@shop.example', subject: 'تم تأكيد طلبك رقم N-1', message_id: entry?.key }])
  expect(messages[0]?.text.trim()).toBe('شكرًا لك. تم تأكيد طلبك رقم N-1.\n\nالإجمالي: 150.75 ر.س')
  expect(messages[0]?.html).toContain('<p>الإجمالي: 150.75 ر.س</p>')
  expect(entry).toMatchObject({ source: 'points', event: 'approved', effect: 'status', version: event.version })
  expect(entry?.key).toMatch(/^<[0-9a-f-]{36}@shop\.example>$/)
})

test('a mail whose answer was lost is the same mail when it is sent again', async () => {
  const event = hc('payment.refunded', { id: 'rf_1', order_id: 'o-1', email: 'a@shop.example' })
  await setFault({ mode: 'drop-answer', count: 1 })
  await expect(deliver(consumer, event, { attempt: 1 })).rejects.toThrow(Unknown)
  await deliver(consumer, event, { attempt: 2 })
  const keys = (await ledger()).map(({ key }) => key)
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
})

test('a mail that the server does not want now is sent later', async () => {
  const event = hc('fulfillment.shipped', { id: 'ful_1', order_id: 'o-2', email: 'a@shop.example' })
  await setFault({ mode: 'status', status: 503, count: 1 })
  await expect(deliver(consumer, event, { attempt: 1 })).rejects.toThrow(Retryable)
  await deliver(consumer, event, { attempt: 2 })
  expect((await ledger()).map(({ executed }) => executed)).toEqual([false, true])
})

test.each([
  ['an order number', { order_number: 'N-1\r\nBcc: b@evil.example', metadata: { email: 'a@shop.example' } }],
  ['an order number (NUL)', { order_number: 'N-1\0', metadata: { email: 'a@shop.example' } }],
  ['an address', { metadata: { email: 'a@shop.example\r\nBcc: b@evil.example' } }],
])('nothing is sent when %s would be a header of its own', async (_what, order) => {
  await expect(deliver(consumer, points('approved', order))).rejects.toThrow(Permanent)
  expect(await ledger()).toEqual([])
})

test('a label with line breaks is text in the mail and no header', async () => {
  const status_label = { ar: 'جاهز\r\nBcc: b@evil.example' }
  await deliver(consumer, points('shipping_status_updated', { status_label, metadata: { email: 'a@shop.example' } }))
  const answer = await fetch(`${sandbox.mail}/messages?order_id=p-1`)
  const { messages } = (await answer.json()) as { messages: Message[] }
  expect(messages.at(-1)).toMatchObject({ to: 'a@shop.example', text: expect.stringContaining('Bcc: b@evil.example') })
})
