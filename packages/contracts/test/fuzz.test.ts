import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogues, decodeRecord, encodeRecord, parseTime, readEvent } from '../src/index.ts'
import { MAX_AHEAD_MS } from '../src/time.ts'
import { hcBody, NOW, pointsBody } from './deliveries.ts'
import { mutated, mutations } from './mutations.ts'

const TOKENS = [
  '"__proto__":{},',
  '"\\u005f_proto__":1,',
  '"constructor":{"prototype":1},',
  '"id":"other",',
  '"event":"cancelled",',
  '"type":"order.paid",',
  '"order":{"id":"x"},',
  '"data":null,',
  '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[',
  ']]]]]]',
  '{"a":',
  '}',
  ',',
  '"',
  '\\',
  '\\ud83d',
  '\\u0000',
  '\0',
  '\u00ff',
  '1e400',
  '-',
  '2026-02-30T10:00:00Z',
  'null',
]

const bodies = [
  ...['approved', 'refunded', 'auto_refunded', 'nobody_knows'].map(event => ({
    source: catalogues.points,
    body: JSON.stringify(pointsBody(event, { metadata: { a: ['ا', 1.5e3, null, '"\\'], $set: { 'a.b': 1 } } })),
  })),
  ...['order.created', 'order.paid', 'nobody.knows'].map(type => ({
    source: catalogues.hc,
    body: JSON.stringify(hcBody(type, { id: 'o_1', order_id: 'o_2', total: '12.50', lines: [{ sku: 'A' }, []] })),
  })),
]

test('a body with bytes changed, added, repeated or cut away is an event only where it still says one, whole', () => {
  const kinds = new Set<string>()
  fc.assert(
    fc.property(fc.constantFrom(...bodies), mutations(TOKENS), ({ source, body }, changes) => {
      const sent = mutated(Buffer.from(body), changes)
      const read = readEvent(source, { body: sent, headers: {}, receivedAt: NOW, now: NOW })
      kinds.add(read.kind)
      if (read.kind !== 'event') return
      const { event } = read
      const said = asReadByOthers(sent)
      const isPoints = source === catalogues.points
      expect(said[isPoints ? 'event' : 'type']).toBe(event.event)
      expect([said.order?.id, said.data?.id, said.data?.order_id]).toContain(event.order_id)
      expect(new Date(String(said[isPoints ? 'timestamp' : 'created_at'])).getTime()).toBe(
        Date.parse(event.last_webhook_at),
      )
      expect(Date.parse(event.last_webhook_at)).toBeLessThanOrEqual(NOW + MAX_AHEAD_MS)
      expect(Buffer.from(event.body).equals(sent)).toBe(true)
      expect(decodeRecord(encodeRecord(event).value)).toEqual(event)
    }),
    { numRuns: 6_000 },
  )
  expect([...kinds].toSorted()).toEqual(['event', 'quarantine', 'refused'])
})

interface Said {
  readonly order?: { readonly id?: unknown }
  readonly data?: { readonly id?: unknown; readonly order_id?: unknown }
  readonly [name: string]: unknown
}

/** Strictly decoded, and no key at any depth that would become a prototype. */
function asReadByOthers(bytes: Buffer): Said {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  return JSON.parse(text, (key, value: unknown) => {
    expect(key).not.toBe('__proto__')
    return value
  })
}

const TIME_TOKENS = ['Z', 'T', '+', '-', ':', '.', ',', ' ', '+14:00', '-12:00', '60', '24', '00', '9', '\0', '٢', 'é']
const TIMES = [
  '2026-03-01T06:15:07Z',
  '2026-03-01T06:15:07.250125Z',
  '2024-02-29T23:59:59+03:00',
  '2026-12-31T00:00:00-1200',
]

test('a time with characters changed is taken only where everybody else reads the same instant in it', () => {
  let taken = 0
  fc.assert(
    fc.property(fc.constantFrom(...TIMES), mutations(TIME_TOKENS), (time, changes) => {
      const text = mutated(Buffer.from(time), changes).toString('latin1')
      const ms = parseTime(text)
      if (ms === undefined) return
      taken += 1
      // what JavaScript reads: three digits of fraction, a colon in the zone
      const [, until = '', fraction = '', zone = ''] = /^(.{19})(?:\.(\d+))?(.*)$/.exec(text) ?? []
      const plain = `${until}.${fraction.slice(0, 3).padEnd(3, '0')}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`
      expect(new Date(plain).getTime()).toBe(ms)
      expect(ms).toBeGreaterThanOrEqual(Date.UTC(2000, 0, 1))
      // no field ran over into the next one
      const local = /[+-]/.test(zone) ? `${plain.slice(0, 23)}Z` : plain
      expect(new Date(local).toISOString().slice(0, 19)).toBe(until)
    }),
    { numRuns: 20_000 },
  )
  expect(taken).toBeGreaterThan(100)
})

test('anything that is no text is no time', () => {
  const noText = fc.anything().filter(value => typeof value !== 'string')
  fc.assert(
    fc.property(noText, value => {
      expect(parseTime(value)).toBeUndefined()
    }),
  )
})
