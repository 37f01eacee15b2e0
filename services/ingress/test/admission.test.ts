import fc from 'fast-check'
import { expect, test } from 'vitest'
import { admission } from '../src/admission.ts'
import { heldKafka } from './held-kafka.ts'
import { bytesOf, points, pointsBody, POINTS_SECRET } from './requests.ts'
import { runningApp } from './running-app.ts'

const MIB = 1_048_576
const HEAD = { 'content-type': 'application/json', 'x-webhook-secret': POINTS_SECRET }

/** The header fields and the beginning of a request that announces 1 MiB. */
function begun(bytes: number): Buffer {
  return Buffer.concat([
    bytesOf({ method: 'POST', path: '/webhooks/points', headers: { ...HEAD, 'content-length': `${MIB}` } }),
    Buffer.alloc(bytes, ' '),
  ])
}

function chunked(body: string, size: number): Buffer {
  const parts = []
  for (let at = 0; at < body.length; at += size) {
    const part = body.slice(at, at + size)
    parts.push(`${part.length.toString(16)}\r\n${part}\r\n`)
  }
  const headers = { ...HEAD, 'content-length': undefined, 'transfer-encoding': 'chunked' }
  return bytesOf({ method: 'POST', path: '/webhooks/points', headers, body: `${parts.join('')}0\r\n\r\n` })
}

test('what is taken is never over the limits, and all of it is given back', () => {
  const step = fc.record({ of: fc.nat(7), what: fc.constantFrom('more', 'whole', 'left'), bytes: fc.nat(60) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const { begin, load } = admission({ maxRequests: 3, maxBytes: 100 })
      const open = new Map<number, { arrival: ReturnType<typeof begin>; unfinished: number; whole: boolean }>()
      for (const { of, what, bytes } of steps) {
        const one = open.get(of) ?? { arrival: begin(), unfinished: 0, whole: false }
        open.set(of, one)
        if (what === 'left') {
          one.arrival.left()
          open.delete(of)
        } else if (!one.whole && what === 'more' && one.arrival.more(bytes)) one.unfinished += bytes
        else if (!one.whole && what === 'whole') one.whole = one.arrival.whole(bytes)
        const all = [...open.values()]
        const unfinished = all.filter(({ whole }) => !whole).reduce((sum, each) => sum + each.unfinished, 0)
        expect(unfinished).toBeLessThanOrEqual(50)
        expect(all.filter(({ whole }) => whole).length).toBeLessThanOrEqual(3)
        expect(load().bytes).toBeLessThanOrEqual(100)
        expect(load().requests).toBe(open.size)
      }
      for (const { arrival } of open.values()) arrival.left()
      expect(load()).toEqual({ requests: 0, bytes: 0 })
    }),
  )
})

test('clients that announce much and send nothing keep no other out', async () => {
  const ingress = await runningApp(async () => undefined, { limits: { maxRequests: 2, maxBytes: 2 * MIB } })
  const slow = Array.from({ length: 64 }, () => ingress.connect().send(begun(0)))
  await expect.poll(() => ingress.metric('hookline_ingress_in_flight_requests')).toBe(64)
  expect(await ingress.metric('hookline_ingress_in_flight_bytes')).toBe(0)
  expect((await ingress.ask(points()))?.statusCode).toBe(200)
  for (const client of slow) client.close()
  await ingress.app.close()
})

test('clients that never end what they began fill half of the room, and are refused in the other', async () => {
  const ingress = await runningApp(async () => undefined, { limits: { maxRequests: 100, maxBytes: 2 * MIB } })
  const slow = Array.from({ length: 3 }, () => ingress.connect().send(begun(MIB / 2)))
  const refused = await Promise.race(slow.map(client => client.answer()))
  expect(refused).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } })
  expect(await ingress.metric('hookline_ingress_in_flight_bytes')).toBeLessThanOrEqual(MIB)
  expect((await ingress.ask(points()))?.statusCode).toBe(200)
  for (const client of slow) client.close()
  await expect.poll(() => ingress.metric('hookline_ingress_in_flight_bytes')).toBe(0)
  await ingress.app.close()
})

test('a body in chunks takes the room that it needs, however small they are', async () => {
  const kafka = heldKafka()
  const ingress = await runningApp(kafka.publish, { limits: { maxRequests: 100, maxBytes: 2 * MIB } })
  const body = pointsBody({ padding: 'x'.repeat(600) })
  const clients = Array.from({ length: 64 }, (_, n) => ingress.connect().send(chunked(body, (n % 9) + 1)))
  await kafka.holds(64)
  expect(await ingress.metric('hookline_ingress_in_flight_bytes')).toBe(64 * 4_096)
  kafka.storeAll()
  for (const client of clients) expect((await client.answer())?.statusCode).toBe(200)
  for (const client of clients) client.close()
  await ingress.app.close()
})

test('a body is the same in the record, into however many parts it was cut on its way', async () => {
  const published: Buffer[] = []
  const publish = async (_topic: string, { value }: { value: Buffer }) => published.push(value)
  const ingress = await runningApp(publish)
  const body = pointsBody({ padding: 'x'.repeat(20_000) })
  const client = ingress.connect()
  for (const size of [1, 7, 4_096, 30_000]) {
    expect((await client.send(chunked(body, size)).answer())?.statusCode).toBe(200)
  }
  const whole = points({ body })
  for (let at = 0; at < whole.length; at += 1_500) client.send(whole.subarray(at, at + 1_500))
  expect((await client.answer())?.statusCode).toBe(200)
  client.close()
  await ingress.app.close()
  expect(published.map(value => value.subarray(-body.length - 1, -1).toString() === body)).toEqual(Array(5).fill(true))
})
