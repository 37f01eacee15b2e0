import { answered } from './row.ts'
import type { BadInput } from './row.ts'
import { post } from './senders.ts'
import type { Sender } from './senders.ts'

/** A request of its lines, so that any of them can be wrong. */
function raw(sender: Sender, lines: readonly string[], body = ''): string {
  const credential = Object.entries(sender.credential(Buffer.from(body), sender.secret)).map(
    ([name, value]) => `${name}: ${value}`,
  )
  const head = [`POST /webhooks/${sender.source} HTTP/1.1`, 'host: a', 'content-type: application/json', ...credential]
  return `${[...head, ...lines].join('\r\n')}\r\n\r\n${body}`
}

export function framing(sender: Sender): BadInput[] {
  const { source } = sender
  const malformed = answered(400, 'malformed_request', source)
  const tooLarge = answered(431, 'headers_too_large', source)
  const chunked = 'transfer-encoding: chunked'
  return [
    malformed('no HTTP', 'hello\r\n\r\n'),
    malformed('TLS hello', Buffer.from('16030100a5010000a10303', 'hex')),
    malformed('HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    malformed('a method in lower case', raw(sender, ['content-length: 2'], '{}').replace('POST', 'post')),
    malformed('HTTP/9.9', raw(sender, ['content-length: 2'], '{}').replace('HTTP/1.1', 'HTTP/9.9')),
    malformed('a space in the path', raw(sender, ['content-length: 2'], '{}').replace(' HTTP', ' x HTTP')),
    malformed('length and chunks both', raw(sender, ['content-length: 5', chunked], '0\r\n\r\n')),
    malformed('chunks and length both', raw(sender, [chunked, 'content-length: 5'], '0\r\n\r\n')),
    malformed('two lengths', raw(sender, ['content-length: 2', 'content-length: 3'], '{}')),
    malformed('one length twice', raw(sender, ['content-length: 2', 'content-length: 2'], '{}')),
    malformed('two lengths in one line', raw(sender, ['content-length: 2, 2'], '{}')),
    malformed('length that is no number', raw(sender, ['content-length: 1e3'], '{}')),
    malformed('length in hex', raw(sender, ['content-length: 0x2'], '{}')),
    malformed('negative length', raw(sender, ['content-length: -1'], '{}')),
    malformed('length beyond any number', raw(sender, [`content-length: ${'9'.repeat(30)}`], '{}')),
    malformed('chunk size that is no number', raw(sender, [chunked], 'zz\r\n')),
    malformed('chunk size beyond any number', raw(sender, [chunked], `${'f'.repeat(20)}\r\n`)),
    malformed('chunk longer than its size', raw(sender, [chunked], '1\r\n{}\r\n0\r\n\r\n')),
    malformed('an encoding after the chunks', raw(sender, ['transfer-encoding: chunked, gzip'], '0\r\n\r\n')),
    malformed('NUL in a header', raw(sender, ['x-a: b\0c', 'content-length: 0'])),
    malformed('NUL in a name', raw(sender, ['x\0a: b', 'content-length: 0'])),
    malformed('header line without a colon', raw(sender, ['broken', 'content-length: 0'])),
    malformed('a space before the colon', raw(sender, ['content-length : 2'], '{}')),
    malformed('a line folded into the next', raw(sender, ['x-a: b', ' c', 'content-length: 0'])),
    malformed('a lone carriage return', raw(sender, ['x-a: b\rc', 'content-length: 0'])),
    malformed('no host', `POST /webhooks/${source} HTTP/1.1\r\ncontent-length: 0\r\n\r\n`),
    tooLarge('20 KB header', post(sender, { headers: { 'x-long': 'a'.repeat(20_000) } })),
    tooLarge('20 KB of small headers', post(sender, { headers: { 'x-a': Array(2_500).fill('bcd') } })),
    tooLarge('20 KB path', post(sender, { path: `/webhooks/${source}?${'a'.repeat(20_000)}` })),
    tooLarge('100 KB credential', post(sender, {}, 'a'.repeat(100_000))),
  ].filter(({ name }) => name !== '100 KB credential' || source === 'points')
}
