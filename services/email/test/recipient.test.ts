import { Permanent } from '@hookline/consumer'
import { describe, expect, test } from 'vitest'
import { recipientOf } from '../src/recipient.ts'
import { hc, points } from './events.ts'

const sentTo = (email: unknown): string | undefined => recipientOf(points('approved', { metadata: { email } }))

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

test.each([[undefined], [null], [''], ['   ']])('%j is no address', email => {
  expect(sentTo(email)).toBeUndefined()
})

test.each([['  a@shop.example '], ['o.b+c@shop.example'], ["o'neil@shop.example"], ['علي@متجر.example']])(
  '%j is one address',
  email => {
    expect(sentTo(email)).toBe(email.trim())
  },
)

describe('is refused for good, and not repeated in the message', () => {
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
  ])('%j', email => {
    let thrown: unknown
    try {
      sentTo(email)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(Permanent)
    expect(String(thrown)).not.toMatch(/@|evil/)
  })
})
