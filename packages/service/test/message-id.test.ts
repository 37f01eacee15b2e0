import { expect, test } from 'vitest'
import { messageIdOf } from '../src/message-id.ts'

test.each([
  ['orders@shop.example', 'shop.example'],
  ['Shop <orders@shop.example>', 'shop.example'],
  ['متجر <orders@متجر.example>', 'xn--pgbep1f.example'],
])('a Message-ID of %s is one of RFC 5322, in the domain of the sender', (from, domain) => {
  expect(messageIdOf('0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11', from)).toBe(
    `<0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11@${domain}>`,
  )
})
