import { expect, test } from 'vitest'
import { heldKafka } from './held-kafka.ts'
import { points } from './requests.ts'
import { runningApp } from './running-app.ts'

const DISPLACED = 'hookline_ingress_connections_displaced_total'
const OPEN = 'hookline_ingress_connections'

test('strangers who keep connections open keep no sender out', async () => {
  const ingress = await runningApp(async () => undefined, { maxConnections: 20 })
  const sender = ingress.connect()
  for (let wave = 0; wave < 5; wave++) {
    const strangers = Array.from({ length: 15 }, () => ingress.connect())
    const before = wave * 15
    await expect.poll(async () => Number(await ingress.metric(DISPLACED)) + 20).toBeGreaterThanOrEqual(before)
    // the one that is used stays
    expect((await sender.send(points()).answer())?.statusCode).toBe(200)
    // a new one gets in
    expect((await ingress.ask(points()))?.statusCode).toBe(200)
    expect(await ingress.metric(OPEN)).toBeLessThanOrEqual(20)
    expect(strangers).toHaveLength(15)
  }
  expect(await ingress.metric(DISPLACED)).toBeGreaterThanOrEqual(55)
  sender.close()
  await ingress.app.close()
})

test('the connection that was quiet for longest goes first', async () => {
  const ingress = await runningApp(async () => undefined, { maxConnections: 3 })
  const [first, second, third] = [ingress.connect(), ingress.connect(), ingress.connect()]
  for (const client of [first, second, third, first])
    expect((await client.send(points()).answer())?.statusCode).toBe(200)
  const fourth = ingress.connect().send(points())
  expect((await fourth.answer())?.statusCode).toBe(200)
  await second.closed()
  for (const client of [first, third, fourth]) {
    expect((await client.send(points()).answer())?.statusCode).toBe(200)
    client.close()
  }
  expect(await ingress.metric(DISPLACED)).toBe(1)
  await ingress.app.close()
})

test('no connection goes that is owed an answer: then the new one does', async () => {
  const kafka = heldKafka()
  const ingress = await runningApp(kafka.publish, { maxConnections: 2 })
  const owed = [ingress.connect().send(points()), ingress.connect().send(points())]
  await kafka.holds(2)
  expect(await ingress.ask(points())).toBeUndefined()
  expect(await ingress.metric(DISPLACED)).toBe(1)
  kafka.storeAll()
  for (const client of owed) {
    expect((await client.answer())?.statusCode).toBe(200)
    client.close()
  }
  await expect.poll(() => ingress.metric(OPEN)).toBe(0)
  await ingress.app.close()
})

test('a client that never ends its body makes room for one that does', async () => {
  const ingress = await runningApp(async () => undefined, { maxConnections: 2 })
  const slow = [1, 2].map(() => ingress.connect().send(points().subarray(0, -1)))
  await expect.poll(() => ingress.metric('hookline_ingress_in_flight_requests')).toBe(2)
  expect((await ingress.ask(points()))?.statusCode).toBe(200)
  await slow[0]?.closed()
  slow[1]?.close()
  await ingress.app.close()
})

test('requests sent ahead leave nothing behind when their connection ends before the answers', async () => {
  const kafka = heldKafka()
  const ingress = await runningApp(kafka.publish)
  const client = ingress.connect().send(Buffer.concat(Array.from({ length: 20 }, () => points())))
  await kafka.holds(20)
  expect(await ingress.metric('hookline_ingress_in_flight_requests')).toBe(20)
  client.close()
  await expect.poll(() => ingress.metric(OPEN)).toBe(0)
  kafka.storeAll()
  await expect.poll(() => ingress.metric('hookline_ingress_in_flight_requests')).toBe(0)
  expect(await ingress.metric('hookline_ingress_in_flight_bytes')).toBe(0)
  await ingress.app.close()
})

test('of thousands of requests sent ahead the first hundred are answered, no other is handled, and the connection ends', async () => {
  const published: string[] = []
  const ingress = await runningApp(async topic => published.push(topic))
  const client = ingress.connect().send(Buffer.concat(Array.from({ length: 2_000 }, () => points())))
  let answered = 0
  for (let answer = await client.answer(); answer !== undefined; answer = await client.answer()) {
    expect(answer.statusCode).toBe(200)
    answered += 1
  }
  await client.closed()
  expect(answered).toBeGreaterThanOrEqual(100)
  expect(answered).toBeLessThan(2_000)
  expect(published).toHaveLength(answered)
  expect((await ingress.ask(points()))?.statusCode).toBe(200)
  expect(await ingress.metric('hookline_ingress_in_flight_requests')).toBe(0)
  await ingress.app.close()
})
