import { describe, expect, test } from 'vitest'
import { heldKafka } from './held-kafka.ts'
import { hc, points, pointsBody, POINTS_SECRET } from './requests.ts'
import { runningApp } from './running-app.ts'

const HEAD = [
  'POST /webhooks/points HTTP/1.1',
  'host: a',
  'content-type: application/json',
  `x-webhook-secret: ${POINTS_SECRET}`,
]
const SHORT = `${[...HEAD, 'content-length: 100'].join('\r\n')}\r\n\r\n{"event"`

describe('a client that is too slow is answered 408 and cut off, and nothing of it is published', () => {
  test.each([
    ['sends nothing after its headers', `${[...HEAD, 'content-length: 100'].join('\r\n')}\r\n\r\n`],
    ['sends a body shorter than it said', SHORT],
    ['never ends its headers', HEAD.join('\r\n')],
    ['never ends its chunks', `${[...HEAD, 'transfer-encoding: chunked'].join('\r\n')}\r\n\r\n5\r\n{"eve\r\n`],
  ])('%s', async (_name, bytes) => {
    const published: string[] = []
    const ingress = await runningApp(async topic => published.push(topic), { requestTimeoutMs: 200 })
    const client = ingress.connect().send(bytes)
    const answer = await client.answer()
    expect(answer).toMatchObject({ statusCode: 408, headers: { connection: 'close' } })
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ code: 'request_timeout', statusCode: 408 })
    await client.closed()
    expect(published).toEqual([])
    await expect.poll(() => ingress.metric('hookline_ingress_in_flight_requests')).toBe(0)
    await ingress.app.close()
  })
})

describe('a client that sends a byte now and then gets no more time for it', () => {
  const LONG = points({ headers: { 'x-long': 'a'.repeat(5_000) }, body: pointsBody({ padding: 'x'.repeat(5_000) }) })
  test.each([
    ['of its headers', 50],
    ['of its body', LONG.indexOf('\r\n\r\n') + 10],
  ])('%s', async (_name, atOnce) => {
    const published: string[] = []
    const ingress = await runningApp(async topic => published.push(topic), { requestTimeoutMs: 200 })
    const client = ingress.connect().send(LONG.subarray(0, atOnce))
    let sent = atOnce
    const drip = setInterval(() => client.send(LONG.subarray(sent, ++sent)), 20)
    expect((await client.answer())?.statusCode).toBe(408)
    await client.closed()
    clearInterval(drip)
    expect(sent).toBeLessThan(LONG.length)
    expect(published).toEqual([])
    await ingress.app.close()
  })
})

test('a client that is refused before its body gets one answer, not a second one when the body never comes', async () => {
  const ingress = await runningApp(async () => undefined, { requestTimeoutMs: 200 })
  const client = ingress.connect().send('POST /nowhere HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n')
  expect((await client.answer())?.statusCode).toBe(404)
  expect(await client.answer()).toBeUndefined()
  await ingress.app.close()
})

test('a connection is used again after a body that was too large for it', async () => {
  const ingress = await runningApp(async () => undefined)
  const client = ingress.connect()
  client.send(points({ body: 'x'.repeat(3 * 1_048_576) }))
  expect((await client.answer())?.statusCode).toBe(413)
  client.send(points())
  expect((await client.answer())?.statusCode).toBe(200)
  client.close()
  await ingress.app.close()
})

test('a whole request gets its own answer, though garbage follows it on the connection', async () => {
  const kafka = heldKafka()
  const ingress = await runningApp(kafka.publish)
  const client = ingress.connect().send(Buffer.concat([points(), Buffer.from('GARBAGE\r\n\r\n')]))
  await kafka.holds(1)
  kafka.storeAll()
  expect((await client.answer())?.statusCode).toBe(200)
  await client.closed()
  await ingress.app.close()
})

test('requests sent ahead on one connection are answered in their order', async () => {
  const kafka = heldKafka()
  const ingress = await runningApp(kafka.publish)
  const client = ingress.connect().send(Buffer.concat([points(), hc(), points({ path: '/nowhere' })]))
  const [first, second] = await kafka.holds(2)
  second?.stored()
  first?.stored()
  const codes = [await client.answer(), await client.answer(), await client.answer()].map(answer => answer?.statusCode)
  expect(codes).toEqual([200, 200, 404])
  client.close()
  await ingress.app.close()
})

test('a client that goes before the answer leaves nothing behind, and its record counts', async () => {
  const kafka = heldKafka()
  const ingress = await runningApp(kafka.publish)
  const client = ingress.connect().send(points())
  await kafka.holds(1)
  client.close()
  await expect.poll(() => ingress.metric('hookline_ingress_in_flight_requests')).toBe(0)
  kafka.storeAll()
  await expect.poll(() => ingress.metric('hookline_ingress_requests_total{source="points",outcome="accepted"}')).toBe(1)
  await ingress.app.close()
})

test('a client that goes in the middle of its body publishes nothing', async () => {
  const published: string[] = []
  const ingress = await runningApp(async topic => published.push(topic))
  const client = ingress.connect().send(SHORT)
  await expect.poll(() => ingress.metric('hookline_ingress_in_flight_requests')).toBe(1)
  client.close()
  await expect.poll(() => ingress.metric('hookline_ingress_in_flight_requests')).toBe(0)
  await ingress.app.close()
  expect(published).toEqual([])
})

describe('while it closes', () => {
  test('what is in flight is answered, on connections that stay open no longer', async () => {
    const kafka = heldKafka()
    const ingress = await runningApp(kafka.publish)
    const clients = [ingress.connect().send(points()), ingress.connect().send(hc())]
    const idle = ingress.connect()
    await kafka.holds(2)
    const closed = ingress.app.close()
    await idle.closed()
    kafka.storeAll()
    const answers = await Promise.all(clients.map(client => client.answer()))
    expect(answers.map(answer => answer?.statusCode)).toEqual([200, 200])
    expect(answers.map(answer => answer?.headers['connection'])).toEqual(['close', 'close'])
    await Promise.all(clients.map(client => client.closed()))
    await closed
  })

  test('a request that is on its way on an idle connection is answered', async () => {
    const ingress = await runningApp(async () => undefined)
    const client = ingress.connect().send(points())
    expect((await client.answer())?.headers['connection']).toBe('keep-alive')
    const closed = ingress.app.close()
    client.send(points())
    expect(await client.answer()).toMatchObject({ statusCode: 200, headers: { connection: 'close' } })
    await closed
  })

  test('of requests sent ahead on one connection each is answered, the last one as the last', async () => {
    const kafka = heldKafka()
    const ingress = await runningApp(kafka.publish)
    const client = ingress.connect().send(Buffer.concat([points(), points()]))
    await kafka.holds(2)
    const closed = ingress.app.close()
    await expect.poll(() => ingress.app.server.listening).toBe(false)
    kafka.storeAll()
    expect(await client.answer()).toMatchObject({ statusCode: 200, headers: { connection: 'keep-alive' } })
    expect(await client.answer()).toMatchObject({ statusCode: 200, headers: { connection: 'close' } })
    await closed
  })

  test('a request that has begun may arrive, and one that never does holds nothing up', async () => {
    const kafka = heldKafka()
    const ingress = await runningApp(kafka.publish, { requestTimeoutMs: 1_000 })
    const whole = points()
    const late = ingress.connect().send(whole.subarray(0, -1))
    const never = ingress.connect().send(SHORT)
    await expect.poll(() => ingress.metric('hookline_ingress_in_flight_requests')).toBe(2)
    const closed = ingress.app.close()
    late.send(whole.subarray(-1))
    await kafka.holds(1)
    kafka.storeAll()
    expect((await late.answer())?.statusCode).toBe(200)
    expect(await never.answer()).toBeUndefined()
    await closed
  })

  test('no new connection is taken', async () => {
    const kafka = heldKafka()
    const ingress = await runningApp(kafka.publish)
    const client = ingress.connect().send(points())
    await kafka.holds(1)
    const closed = ingress.app.close()
    await expect.poll(() => ingress.app.server.listening).toBe(false)
    expect(await ingress.ask(points())).toBeUndefined()
    kafka.storeAll()
    expect((await client.answer())?.statusCode).toBe(200)
    await closed
  })
})
