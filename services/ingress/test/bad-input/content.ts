import { brotliCompressSync, gzipSync } from 'node:zlib'
import { MAX_BODY_BYTES } from '../../src/limits.ts'
import { answered } from './row.ts'
import type { BadInput } from './row.ts'
import { post } from './senders.ts'
import type { Sender } from './senders.ts'

const MIB = 1_048_576
const TYPES = [
  'text/plain',
  'text/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json; charset=iso-8859-1',
  'application/json, application/json',
  'application/jsonp',
  'application/cloudevents+json',
  'json',
  '*/*',
  '',
]
const ENCODINGS = ['gzip', 'br', 'deflate', 'gzip, identity', 'identity, gzip', 'x', 'chunked']
const ZIP_BOMB = gzipSync(Buffer.alloc(50 * MIB))

/** A body of exactly so many bytes. */
export function bodyOf(sender: Sender, bytes: number): string {
  return sender.body({ padding: 'x'.repeat(bytes - sender.body({ padding: '' }).length) })
}

function inChunks(sender: Sender, body: string): Buffer {
  const half = Math.ceil(body.length / 2)
  const parts = [body.slice(0, half), body.slice(half)].map(part => `${part.length.toString(16)}\r\n${part}\r\n`)
  const credential = sender.credential(Buffer.from(body), sender.secret)
  const headers = { ...credential, 'content-length': undefined, 'transfer-encoding': 'chunked' }
  return post(sender, { headers, body: `${parts.join('')}0\r\n\r\n` })
}

export function content(sender: Sender): BadInput[] {
  const { source } = sender
  const wrongType = answered(415, 'unsupported_media_type', source)
  const tooLarge = answered(413, 'body_too_large', source)
  const notJson = answered(400, 'not_json', source)
  const notUtf8 = answered(400, 'not_utf8', source)
  const typed = (type: string | readonly string[] | undefined) => post(sender, { headers: { 'content-type': type } })
  const encoded = (encoding: string, body: string | Buffer = sender.body()) =>
    post(sender, { headers: { 'content-encoding': encoding }, body })
  return [
    wrongType('no content type', typed(undefined)),
    ...TYPES.map(type => wrongType(`content type ${JSON.stringify(type)}`, typed(type))),
    ...ENCODINGS.map(encoding => wrongType(`content encoding ${encoding}`, encoded(encoding))),
    wrongType('gzip body', encoded('gzip', gzipSync(sender.body()))),
    wrongType('br body', encoded('br', brotliCompressSync(sender.body()))),
    wrongType('zip bomb', encoded('gzip', ZIP_BOMB)),
    tooLarge('one byte over the limit', post(sender, { body: bodyOf(sender, MAX_BODY_BYTES + 1) })),
    tooLarge('one byte over the limit, in chunks', inChunks(sender, bodyOf(sender, MAX_BODY_BYTES + 1))),
    tooLarge('20 MiB', post(sender, { body: bodyOf(sender, 20 * MIB) })),
    tooLarge('20 MiB, in chunks', inChunks(sender, bodyOf(sender, 20 * MIB))),
    notJson('empty', post(sender, { body: '' })),
    notJson('byte order mark', post(sender, { body: `\uFEFF${sender.body()}` })),
    notJson('NUL', post(sender, { body: `${sender.body()}\0` })),
    notJson('gzip without its header', post(sender, { body: Buffer.from([0x1f, 0x0b, 0x08]) })),
    ...(source === 'side-shop'
      ? []
      : [
          notUtf8('invalid UTF-8', post(sender, { body: Buffer.from([0x7b, 0xff, 0x7d]) })),
          notUtf8('utf-16', post(sender, { body: Buffer.from(`\uFEFF${sender.body()}`, 'utf16le') })),
        ]),
  ]
}
