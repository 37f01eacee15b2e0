import { gzipSync } from 'node:zlib'
import { hc, hcBody, HC_SECRET, points, pointsBody, POINTS_SECRET, signatureOf } from './requests.ts'

export interface BadInput {
  readonly name: string
  readonly bytes: string | Buffer
  readonly statusCode: number
  readonly code: string
}

const ORDER = { id: '5c8bd9ab-9a0d-4d3c-8d3e-6d3d1fb9a001', order_status: 'approved' }
const MIB = 1_048_576

function row(name: string, statusCode: number, code: string, bytes: string | Buffer): BadInput {
  return { name, statusCode, code, bytes }
}

function raw(lines: readonly string[], body = ''): string {
  return `${['POST /webhooks/points HTTP/1.1', 'host: a', ...lines].join('\r\n')}\r\n\r\n${body}`
}

/** A body of exactly `bytes`. */
export function bodyOf(bytes: number): string {
  const empty = pointsBody({ padding: '' })
  return pointsBody({ padding: 'x'.repeat(bytes - empty.length) })
}

function chunked(body: string): string {
  const half = Math.ceil(body.length / 2)
  const parts = [body.slice(0, half), body.slice(half)].map(part => `${part.length.toString(16)}\r\n${part}\r\n`)
  const lines = ['content-type: application/json', `x-webhook-secret: ${POINTS_SECRET}`, 'transfer-encoding: chunked']
  return raw(lines, `${parts.join('')}0\r\n\r\n`)
}

const METHODS = ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'QUERY']
const PATHS = [
  '/',
  '/webhooks',
  '/webhooks/',
  '/webhooks/stripe',
  '/webhooks/points/',
  '/webhooks/points/x',
  '/webhooks//points',
]

export const methodAndPath: BadInput[] = [
  ...METHODS.map(method => row(`${method} on the hook`, 405, 'method_not_allowed', points({ method }))),
  row('CONNECT', 405, 'method_not_allowed', 'CONNECT hooks.example:443 HTTP/1.1\r\nhost: hooks.example\r\n\r\n'),
  ...PATHS.map(path => row(`path ${path}`, 404, 'not_found', points({ path }))),
  row('path with trailing garbage', 404, 'not_found', points({ path: '/webhooks/points%00' })),
  row('path with a broken escape', 404, 'not_found', points({ path: '/webhooks/points%zz' })),
  row('path that climbs', 404, 'not_found', points({ path: '/webhooks/x/../points' })),
  row('GET on an unknown path', 404, 'not_found', points({ method: 'GET', path: '/readyz' })),
]

const SECRET_LINE = `x-webhook-secret: ${POINTS_SECRET}`
const TYPE_LINE = 'content-type: application/json'

export const framing: BadInput[] = [
  row('no HTTP', 400, 'malformed_request', 'hello\r\n\r\n'),
  row('TLS hello', 400, 'malformed_request', Buffer.from('16030100a5010000a10303', 'hex')),
  row(
    'length and chunks both',
    400,
    'malformed_request',
    raw([TYPE_LINE, 'content-length: 5', 'transfer-encoding: chunked'], '0\r\n\r\n'),
  ),
  row('two lengths', 400, 'malformed_request', raw([TYPE_LINE, 'content-length: 2', 'content-length: 3'], '{}')),
  row('length that is no number', 400, 'malformed_request', raw([TYPE_LINE, 'content-length: 1e3'], '{}')),
  row('negative length', 400, 'malformed_request', raw([TYPE_LINE, 'content-length: -1'], '{}')),
  row(
    'chunk size that is no number',
    400,
    'malformed_request',
    raw([TYPE_LINE, SECRET_LINE, 'transfer-encoding: chunked'], 'zz\r\n'),
  ),
  row('NUL in a header', 400, 'malformed_request', raw(['x-a: b\0c', 'content-length: 0'])),
  row('header line without a colon', 400, 'malformed_request', raw(['broken', 'content-length: 0'])),
  row('no host', 400, 'malformed_request', 'POST /webhooks/points HTTP/1.1\r\ncontent-length: 0\r\n\r\n'),
  row('20 KB header', 431, 'headers_too_large', points({ headers: { 'x-long': 'a'.repeat(20_000) } })),
  row('100 KB credential', 431, 'headers_too_large', points({ headers: { 'x-webhook-secret': 'a'.repeat(100_000) } })),
]

const TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/jsonp',
  'json',
  '*/*',
  '',
]
const ENCODINGS = ['gzip', 'br', 'deflate', 'gzip, identity', 'x']

export const content: BadInput[] = [
  row('no content type', 415, 'unsupported_media_type', points({ headers: { 'content-type': undefined } })),
  ...TYPES.map(type =>
    row(
      `content type ${JSON.stringify(type)}`,
      415,
      'unsupported_media_type',
      points({ headers: { 'content-type': type } }),
    ),
  ),
  ...ENCODINGS.map(encoding =>
    row(
      `content encoding ${encoding}`,
      415,
      'unsupported_media_type',
      points({ headers: { 'content-encoding': encoding } }),
    ),
  ),
  row(
    'zip bomb',
    415,
    'unsupported_media_type',
    points({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(50 * MIB)) }),
  ),
  row('one byte over the limit', 413, 'body_too_large', points({ body: bodyOf(MIB + 1) })),
  row('one byte over the limit, in chunks', 413, 'body_too_large', chunked(bodyOf(MIB + 1))),
  row('20 MiB', 413, 'body_too_large', points({ body: bodyOf(20 * MIB) })),
  row('20 MiB, in chunks', 413, 'body_too_large', chunked(bodyOf(20 * MIB))),
  row('empty', 400, 'not_json', points({ body: '' })),
  row('byte order mark', 400, 'not_json', points({ body: `\uFEFF${pointsBody()}` })),
  row('invalid UTF-8', 400, 'not_utf8', points({ body: Buffer.from([0x7b, 0xff, 0x7d]) })),
  row('NUL', 400, 'not_json', points({ body: `${pointsBody()}\0` })),
]

const deep = (levels: number) => pointsBody().replace('{', `{"x":${'['.repeat(levels)}${']'.repeat(levels)},`)

export const json: BadInput[] = [
  row('truncated', 400, 'not_json', points({ body: pointsBody().slice(0, -5) })),
  row('trailing data', 400, 'not_json', points({ body: `${pointsBody()}{}` })),
  ...[33, 5_000, 500_000].map(levels =>
    row(`depth ${levels}`, 400, 'too_deep', points({ body: '['.repeat(levels) + ']'.repeat(levels) })),
  ),
  ...['null', '5', '"x"', '[]'].map(body => row(`body ${body}`, 400, 'not_an_object', points({ body }))),
  row('event twice', 400, 'duplicate_key', points({ body: pointsBody().replace('{', '{"event":"cancelled",') })),
  row(
    'order id twice',
    400,
    'duplicate_key',
    points({ body: pointsBody().replace('"order":{', '"order":{"id":"other",') }),
  ),
  row('__proto__', 400, 'forbidden_key', points({ body: pointsBody().replace('{', '{"__proto__":{"a":1},') })),
  row(
    '__proto__, escaped',
    400,
    'forbidden_key',
    points({ body: pointsBody().replace('{', '{"\\u005f_proto__":{"a":1},') }),
  ),
  row(
    'constructor.prototype',
    400,
    'forbidden_key',
    points({ body: pointsBody().replace('{', '{"constructor":{"prototype":{}},') }),
  ),
  row('1e400', 400, 'number_out_of_range', points({ body: pointsBody().replace('{', '{"n":1e400,') })),
  row('array nested in the body, 5,000 deep', 400, 'too_deep', points({ body: deep(5_000) })),
]

const IDS: [unknown, number][] = [
  [undefined, 400],
  [null, 400],
  [7, 400],
  [['a'], 400],
  [{ a: 1 }, 400],
  ['', 400],
  ['x'.repeat(10_000), 422],
  ['a\nb', 422],
  ['😀', 422],
  ['../a', 422],
  ['toString', 422],
]
const EVENTS: [unknown, number][] = [
  [undefined, 400],
  [7, 400],
  ['hasOwnProperty', 422],
  ['Approved', 422],
  ['approved ', 422],
]

export const identity: BadInput[] = [
  ...IDS.map(([id, statusCode]) =>
    row(
      `order id ${(JSON.stringify(id) ?? 'missing').slice(0, 20)}`,
      statusCode,
      'invalid_order_id',
      points({ body: pointsBody({ order: { ...ORDER, id } }) }),
    ),
  ),
  ...EVENTS.map(([event, statusCode]) =>
    row(`event ${JSON.stringify(event)}`, statusCode, 'invalid_event', points({ body: pointsBody({ event }) })),
  ),
  row('event other than in its header', 400, 'event_mismatch', points({ headers: { 'x-webhook-event': 'cancelled' } })),
  row(
    'event header twice',
    400,
    'event_mismatch',
    points({ headers: { 'x-webhook-event': ['approved', 'approved'] } }),
  ),
  row('event id missing', 400, 'invalid_event_id', hc({ body: hcBody({ id: undefined }) })),
  row('another store', 422, 'store_mismatch', hc({ body: hcBody({ store_id: 'store_2' }) })),
]

const TIMES = [
  undefined,
  '',
  {},
  1_772_359_200,
  1_772_359_200_000,
  '2026-03-01T10:00:00',
  '2026-03-01T10:00:00+14:01',
  '2026-03-01T10:00:60Z',
  '2026-03-01T24:00:00Z',
  '2026-02-30T10:00:00Z',
  '0000-01-01T00:00:00Z',
  '1970-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2026-03-01T11:00:01Z',
  '2027-03-01T10:00:00Z',
  '2026-03-01T10:05:02Z',
]

export const time: BadInput[] = TIMES.map(timestamp =>
  row(`time ${JSON.stringify(timestamp)}`, 422, 'invalid_time', points({ body: pointsBody({ timestamp }) })),
)

const pointsSecrets: [string, string | readonly string[] | undefined][] = [
  ['missing', undefined],
  ['empty', ''],
  ['twice', [POINTS_SECRET, POINTS_SECRET]],
  ['twice, once wrong', ['x', POINTS_SECRET]],
  ['joined by a comma', `${POINTS_SECRET}, ${POINTS_SECRET}`],
  ['one byte short', POINTS_SECRET.slice(0, -1)],
  ['one byte long', `${POINTS_SECRET}x`],
  ['in upper case', POINTS_SECRET.toUpperCase()],
  ["another source's", HC_SECRET],
]

const signed = hcBody()
const signature = signatureOf(signed)
const hcSignatures: [string, string | readonly string[] | undefined][] = [
  ['missing', undefined],
  ['empty', ''],
  ['twice', [signature, signature]],
  ['of another secret', signatureOf(signed, POINTS_SECRET)],
  ['of the secret without whsec_', signatureOf(signed, HC_SECRET.slice('whsec_'.length))],
  ['of a re-serialised body', signatureOf(JSON.stringify(JSON.parse(signed), null, 1))],
  ['of the empty body', signatureOf('')],
  ['in upper-case hex', signature.toUpperCase()],
  ['in base64', Buffer.from(signature, 'hex').toString('base64')],
  ['cut', signature.slice(0, 32)],
  ['with a tail', `${signature}00`],
  ['with a prefix', `sha256=${signature}`],
  ['with a character outside hex', `${signature.slice(0, 63)}g`],
]

export const credentials: BadInput[] = [
  ...pointsSecrets.map(([name, secret]) =>
    row(`secret ${name}`, 401, 'unauthenticated', points({ headers: { 'x-webhook-secret': secret } })),
  ),
  ...hcSignatures.map(([name, value]) =>
    row(`signature ${name}`, 401, 'unauthenticated', hc({ body: signed, headers: { 'x-webhook-signature': value } })),
  ),
  row(
    'wrong secret with a body that is no JSON',
    401,
    'unauthenticated',
    points({ body: '{', headers: { 'x-webhook-secret': 'x' } }),
  ),
]
