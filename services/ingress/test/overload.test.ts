import { describe, expect, test } from 'vitest'
import { heldKafka } from './held-kafka.ts'
import { points, pointsBody } from './requests.ts'
import { runningApp } from './running-app.ts'

describe('over the limits a request is answered 503 with Retry-After, and those before it are not touched', () => {
  test.each([
    ['of requests', { maxRequests: 2, maxBytes: 10_000_000 }, points()],
    [
      'of bytes',
      { maxRequests: 100, maxBytes: 2 * points().length },
      points({ body: pointsBody({ padding: 'x'.repeat(1_000) }) }),
    ],
  ])('%s', async (_name, limits, one_more) => {
    const kafka = heldKafka()
    const ingress = await runningApp(kafka.publish, { limits })
    const clients = [ingress.connect().send(points()), ingress.connect().send(points())]
    await kafka.holds(2)
    const answer = await ingress.ask(one_more)
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } })
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ code: 'overloaded' })
    kafka.storeAll()
    for (const client of clients) expect((await client.answer())?.statusCode).toBe(200)
    const again = ingress.ask(points())
    await kafka.holds(1)
    kafka.storeAll()
    expect((await again)?.statusCode).toBe(200)
    for (const client of clients) client.close()
    await ingress.app.close()
  })
})

test('over the limits the refusal does not wait for the body, and the connection takes the next request after it', async () => {
  const kafka = heldKafka()
  const ingress = await runningApp(kafka.publish, { limits: { maxRequests: 1, maxBytes: 10_000_000 } })
  const busy = ingress.connect().send(points())
  await kafka.holds(1)
  const whole = points()
  const head = whole.indexOf('\r\n\r\n') + 4
  const client = ingress.connect().send(whole.subarray(0, head))
  expect(await client.answer()).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } })
  kafka.storeAll()
  expect((await busy.answer())?.statusCode).toBe(200)
  client.send(whole.subarray(head)).send(points())
  await kafka.holds(1)
  kafka.storeAll()
  expect((await client.answer())?.statusCode).toBe(200)
  for (const one of [busy, client]) one.close()
  await ingress.app.close()
})

test('five times as many requests as there is room for: as many as there is room for are stored, the others refused at once', async () => {
  const kafka = heldKafka()
  const ingress = await runningApp(kafka.publish, { limits: { maxRequests: 20, maxBytes: 10_000_000 } })
  const clients = Array.from({ length: 100 }, () => ingress.connect().send(points()))
  const answers = clients.map(client => client.answer())
  const overloaded = () => ingress.metric('hookline_ingress_requests_total{source="points",outcome="overloaded"}')
  await expect.poll(overloaded).toBe(80)
  expect(await kafka.holds(20)).toHaveLength(20)
  kafka.storeAll()
  const statuses = (await Promise.all(answers)).map(answer => answer?.statusCode)
  expect(statuses.filter(status => status === 200)).toHaveLength(20)
  expect(statuses.filter(status => status === 503)).toHaveLength(80)
  for (const client of clients) client.close()
  await ingress.app.close()
})
