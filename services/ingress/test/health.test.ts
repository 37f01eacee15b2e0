import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytesOf, points } from './requests.ts'
import { runningApp } from './running-app.ts'

const health = (method = 'GET') => bytesOf({ method, path: '/health', headers: { 'content-length': undefined } })

describe('/health', () => {
  let ingress: Awaited<ReturnType<typeof runningApp>>
  beforeAll(async () => {
    const unavailable = async () => Promise.reject(new Error('Kafka does not store records'))
    ingress = await runningApp(unavailable, { limits: { maxRequests: 0, maxBytes: 0 } })
  })
  afterAll(() => ingress.app.close())

  test('tells a stranger that webhooks may be sent here, and nothing else, whatever Kafka and the load are', async () => {
    expect((await ingress.ask(points()))?.statusCode).toBe(503)
    const answer = await ingress.ask(health())
    expect(answer).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' })
    const webhook = await ingress.ask(points({ path: '/nowhere' }))
    expect(Object.keys(answer?.headers ?? {}).toSorted()).toEqual(Object.keys(webhook?.headers ?? {}).toSorted())
  })

  test('answers HEAD as GET, without the body', async () => {
    const answer = await ingress.ask(health('HEAD'), { head: true })
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-length': '15' }, body: '' })
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is answered 405 with Allow', async method => {
    const answer = await ingress.ask(bytesOf({ method, path: '/health' }))
    expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'GET, HEAD' } })
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ code: 'method_not_allowed' })
  })

  test.each(['/health/', '/healthz', '/health/x', '//health'])('%s is 404', async path => {
    expect((await ingress.ask(bytesOf({ method: 'GET', path })))?.statusCode).toBe(404)
  })
})

test('an ending process says so before it refuses connections, and still takes webhooks until it is drained', async () => {
  const drained = Promise.withResolvers<void>()
  const stored: string[] = []
  const ingress = await runningApp(async topic => stored.push(topic), { drained: () => drained.promise })
  const kept = ingress.connect()
  expect((await kept.send(health()).answer())?.statusCode).toBe(200)

  const closed = ingress.app.close()
  await expect.poll(async () => (await ingress.ask(health()))?.body).toBe('{"status":"unavailable"}')
  // a sender whose next webhook would meet a closed connection is told to take another one
  expect(await kept.send(points()).answer()).toMatchObject({ statusCode: 200, headers: { connection: 'close' } })
  expect((await ingress.ask(points()))?.statusCode).toBe(200)
  expect((await ingress.ask(health()))?.statusCode).toBe(503)
  expect(stored).toEqual(['points.webhook', 'points.webhook'])

  drained.resolve()
  await closed
  expect(await ingress.ask(health())).toBeUndefined()
})
