import { Permanent } from '@hookline/consumer'
import { smtpTarget } from '@hookline/service'
import { afterAll, describe, expect, test } from 'vitest'
import { email } from '../src/email.ts'
import { recipientOf } from '../src/recipient.ts'
import { deliver, hc, points } from '@hookline/testkit'

const sentTo = (address: unknown): string | undefined =>
  recipientOf(points('approved', { metadata: { email: address } }))

test.each([
  [points('approved', { metadata: { email: 'a@shop.example' } }), 'a@shop.example'],
  [points('approved', { metadata: null }), undefined],
  [points('approved', { email: 'a@shop.example' }), undefined],
  [
    hc('order.confirmed', { id: 'o-1', customer: { email: 'c@shop.example' }, email: 'd@shop.example' }),
    'c@shop.example',
  ],
  [hc('order.confirmed', { id: 'o-1', customer: { email: '' }, email: 'd@shop.example' }), 'd@shop.example'],
  [hc('order.confirmed', { id: 'o-1', email: 'd@shop.example' }), 'd@shop.example'],
  [hc('order.confirmed', { id: 'o-1', customer: null }), undefined],
])('the address is where the sender puts it (%#)', (event, address) => {
  expect(recipientOf(event)).toBe(address)
})

test.each([[undefined], [null], [''], ['   ']])('%j is no address', address => {
  expect(sentTo(address)).toBeUndefined()
})

test.each([['  a@shop.example '], ['o.b+c@shop.example'], ["o'neil@shop.example"], ['علي@متجر.example']])(
  '%j is one address',
  address => {
    expect(sentTo(address)).toBe(address.trim())
  },
)

describe('is refused for good, and not repeated in the message', () => {
  // nothing listens there: what got past the check would be `Retryable`
  const smtp = smtpTarget({
    url: 'smtp://127.0.0.1:1',
    from: 'orders@shop.example',
    requestTimeoutMs: 10_000,
    connections: 1,
  })
  const consumer = email.with({ smtp }, { MAIL_LANGUAGE: 'en' })
  afterAll(() => smtp.close())

  test.each([
    ['a@shop.example\r\nBcc: b@evil.example'],
    ['a@shop.example\n'],
    ['\ra@shop.example'],
    ['a@shop.example\0'],
    ['a@shop.example\u2028'],
    ['a@shop.example,b@evil.example'],
    ['a@shop.example, b@evil.example'],
    ['a@shop.example;b@evil.example'],
    ['a@shop.example b@evil.example'],
    ['a@b@evil.example'],
    ['<a@shop.example>'],
    ['A <a@shop.example>'],
    ['"a b"@shop.example'],
    ['group:a@shop.example;'],
    ['not an address'],
    ['@shop.example'],
    ['a@'],
    [`${'a'.repeat(250)}@shop.example`],
    [['a@shop.example', 'b@evil.example']],
    [{ address: 'a@shop.example' }],
    [5],
  ])('%j', async address => {
    const event = points('approved', { metadata: { email: address } })
    const thrown: unknown = await deliver(consumer, event).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(Permanent)
    expect(String(thrown)).not.toMatch(/@|evil/)
  })
})
