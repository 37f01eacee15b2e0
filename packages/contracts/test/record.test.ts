import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeRecord, encodeRecord, identityOf, UnreadableRecord, type WebhookEvent } from '../src/index.ts'
import { eventOf, hcBody, ORDER_ID, pointsBody, read } from './deliveries.ts'

const sent = { headers: { 'content-type': 'application/json', 'x-webhook-event': 'refunded' } }
const refunded = eventOf(
  read('points', ` {"event":"refunded","order":{"id":"o"},"timestamp":"2026-03-01T06:15:07Z"}\n`, sent),
)
const record = encodeRecord(refunded).value.toString()

/** The code of what `decodeRecord` throws; anything else that it throws fails the test. */
function unreadable(value: Buffer | string | null): string {
  try {
    decodeRecord(typeof value === 'string' ? Buffer.from(value) : value)
  } catch (error) {
    if (error instanceof UnreadableRecord) return error.code
    throw error
  }
  return 'readable'
}

describe('the record in Kafka', () => {
  test('golden: a structured CloudEvent of fixed order that ends with the bytes received', () => {
    const { key, value, headers } = encodeRecord(refunded)
    expect(key).toBe('o')
    expect(headers).toEqual({ 'content-type': 'application/cloudevents+json' })
    expect(value.toString()).toBe(
      '{"specversion":"1.0","id":"points/o/refunded/942485401083a68c5353cda0ee430303","source":"points",' +
        '"type":"refunded","subject":"o","time":"2026-03-01T06:15:07.000Z","datacontenttype":"application/json",' +
        '"partitionkey":"o","version":"1772345707000.0000000000.50.942485401083a68c",' +
        '"receivedat":"2026-03-01T06:20:00.000Z","occurrence":"942485401083a68c5353cda0ee430303",' +
        '"webhookheaders":"{\\"content-type\\":\\"application/json\\",\\"x-webhook-event\\":\\"refunded\\"}",' +
        '"data": {"event":"refunded","order":{"id":"o"},"timestamp":"2026-03-01T06:15:07Z"}\n}',
    )
  })

  test('any CloudEvents reader finds the data, and every attribute is a text of a lawful name', () => {
    const { data, ...attributes } = JSON.parse(record) as Record<string, unknown>
    expect(data).toEqual(JSON.parse(refunded.body))
    for (const [name, value] of Object.entries(attributes)) {
      expect(name).toMatch(/^[a-z0-9]{1,20}$/)
      expect(value).toEqual(expect.stringMatching(/./))
    }
    expect(attributes.id).toBe(identityOf(refunded))
  })

  test('what is encoded is decoded, and every byte of the body is kept', () => {
    const space = fc.stringMatching(/^[ \t\r\n]{0,4}$/)
    const metadata = fc.json({ stringUnit: 'binary', maxDepth: 2 }).filter(text => !/__proto__|constructor/.test(text))
    const header = fc.string({ unit: 'binary', maxLength: 40 })
    const name = fc.constantFrom('approved', 'refunded', 'an_unknown_event')
    fc.assert(
      fc.property(space, metadata, header, name, (around, value, agent, event) => {
        const body = Buffer.from(
          `${around}{"event":"${event}",${around}"order":{"metadata":${value},"id":"o"},"timestamp":"2026-03-01T06:15:07Z"}${around}`,
        )
        const result = eventOf(read('points', body, { headers: { 'user-agent': agent } }))
        const decoded = decodeRecord(encodeRecord(result).value)
        expect(decoded).toEqual(result)
        expect(Buffer.from(decoded.body).equals(body)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('a body of Headless Commerce, which has a key named data of its own, is cut out whole', () => {
    const event = eventOf(read('hc', hcBody('order.paid', { id: ORDER_ID, note: ',"data":{}' })))
    expect(decodeRecord(encodeRecord(event).value)).toEqual(event)
  })

  test('headers that look like data do not move the cut', () => {
    const headers = { 'user-agent': '","data":{"event":"approved"}}', 'x-request-id': '\\","data":1}' }
    const event = eventOf(read('points', pointsBody('approved'), { headers }))
    expect(decodeRecord(encodeRecord(event).value)).toEqual(event)
  })

  test('attributes that a later version adds, and a source that nobody knows yet, are read', () => {
    expect(decodeRecord(Buffer.from(record.replace('{', '{"traceparent":"00-1","sampled":true,')))).toEqual(refunded)
    const third: WebhookEvent = { ...refunded, source: 'third-shop' }
    expect(decodeRecord(encodeRecord(third).value)).toEqual(third)
  })
})

describe('a record that is no event of ours is unreadable, never misread', () => {
  const change = (from: string | RegExp, to: string): string => {
    const changed = record.replace(from, to)
    if (changed === record) throw new Error('the record was not changed')
    return changed
  }

  test.each<[string, Buffer | string | null, string]>([
    ['no value', null, 'empty'],
    ['an empty value', '', 'empty'],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from(record), Buffer.from([0xff])]), 'not_utf8'],
    ['a webhook as it is', refunded.body, 'no_data'],
    ['binary data', change(',"data":', ',"data_base64":'), 'no_data'],
    ['data in front', `{"data":${refunded.body},${record.slice(1, record.indexOf(',"data":'))}}`, 'no_data'],
    ['data in front and behind', record.replace('{', '{"data":{},'), 'invalid_attributes'],
    ['something behind the data', `${record.slice(0, -1)},"x":1}`, 'invalid_data'],
    ['the data twice', `${record.slice(0, -1)},"data":{}}`, 'invalid_data'],
    ['a byte behind the record', `${record}x`, 'no_data'],
    ['a truncated record', record.slice(0, -20), 'no_data'],
    ['data that is a text', change(/"data":[^]*$/, '"data":"x"}'), 'invalid_data'],
    ['data that is null', change(/"data":[^]*$/, '"data":null}'), 'invalid_data'],
    ['data that is poisoned', change(/"data":[^]*$/, '"data":{"__proto__":{}}}'), 'invalid_data'],
    [
      'data that is too deep',
      change(/"data":[^]*$/, `"data":{"a":${'['.repeat(40)}${']'.repeat(40)}}}`),
      'invalid_data',
    ],
    [
      'data in which an attribute seems to nest',
      change('"partitionkey"', '"x":{"a":1,"data":{}},"partitionkey"'),
      'no_data',
    ],
    ['another version of CloudEvents', change('"1.0"', '"0.3"'), 'invalid_attributes'],
    ['an attribute twice', change('"subject":"o"', '"subject":"p","subject":"o"'), 'no_data'],
    ['no id', change(/"id":"[^"]*",/, ''), 'invalid_attributes'],
    ['the id of another event', change('"points/o/', '"points/p/'), 'invalid_attributes'],
    ['another key', change('"partitionkey":"o"', '"partitionkey":"p"'), 'invalid_attributes'],
    ['a subject that is no usable id', record.replaceAll('"o"', '"a/b"'), 'invalid_attributes'],
    ['a subject that is a number', change('"subject":"o"', '"subject":5'), 'invalid_attributes'],
    ['a type that is no event name', change('"type":"refunded"', '"type":"Refunded"'), 'invalid_attributes'],
    ['a source that is no name', change('"source":"points"', '"source":"https://points"'), 'invalid_attributes'],
    ['no version', change(/"version":"[^"]*",/, ''), 'invalid_attributes'],
    ['a version that is none', change('.0000000000.', '.000000000.'), 'invalid_attributes'],
    [
      'a time that differs from the version',
      change('"time":"2026-03-01T06:15:07', '"time":"2026-03-01T06:15:08'),
      'invalid_attributes',
    ],
    ['a time of arrival that is none', change(/"receivedat":"[^"]*"/, '"receivedat":"today"'), 'invalid_attributes'],
    [
      'an impossible time of arrival',
      change(/"receivedat":"[^"]*"/, '"receivedat":"2026-02-30T00:00:00.000Z"'),
      'invalid_attributes',
    ],
    [
      'an occurrence that is no id',
      record.replaceAll(/942485401083a68c5353cda0ee430303/g, 'a/b'),
      'invalid_attributes',
    ],
    [
      'another content type',
      change('"datacontenttype":"application/json"', '"datacontenttype":"text/xml"'),
      'invalid_attributes',
    ],
    ['headers that are no object', change(/"webhookheaders":"[^]*?}"/, '"webhookheaders":"[]"'), 'invalid_attributes'],
    [
      'headers that are no texts',
      change(/"webhookheaders":"[^]*?}"/, '"webhookheaders":"{\\"a\\":1}"'),
      'invalid_attributes',
    ],
    [
      'a header whose name no database takes',
      change(/"webhookheaders":"[^]*?}"/, '"webhookheaders":"{\\"a\\\\u0000b\\":\\"c\\"}"'),
      'invalid_attributes',
    ],
  ])('%s', (_name, value, code) => {
    expect(unreadable(value)).toBe(code)
  })

  test('decoding is total: no bytes throw anything else, and nothing of the record is in the message', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map(array => Buffer.from(array)),
      fc.json().map(text => Buffer.from(text)),
      fc.json().map(text => Buffer.from(record.replace(/"data":[^]*$/, `"data":${text}}`))),
      fc.tuple(fc.nat(record.length - 1), fc.nat(255)).map(([at, byte]) => {
        const mutated = Buffer.from(record)
        mutated[at] = byte
        return mutated
      }),
      fc.nat(record.length).map(length => Buffer.from(record.slice(0, length))),
    )
    fc.assert(
      fc.property(bytes, value => void unreadable(value)),
      { numRuns: 2_000 },
    )
    expect(new UnreadableRecord('invalid_data').message).not.toContain('refunded')
  })
})
