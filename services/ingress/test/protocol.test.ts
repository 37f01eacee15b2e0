import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SAFE_HEADERS } from '../src/safe-headers.ts'
import { bytesOf, points, pointsBody } from './requests.ts'
import { runningApp } from './running-app.ts'

const published: string[] = []
let ingress: Awaited<ReturnType<typeof runningApp>>

beforeAll(async () => {
  ingress = await runningApp(async (_topic, { key }) => published.push(key))
})
afterAll(() => ingress.app.close())

/** All that an answer may have beside `SAFE_HEADERS`. */
const FIELDS = ['content-type', 'content-length', 'x-request-id', 'date', 'connection', 'keep-alive', 'allow', 'accept']
const GET = { method: 'GET', headers: { 'content-length': undefined } }
const UPGRADE = { 'content-length': undefined, connection: 'Upgrade', upgrade: 'websocket' }

describe('neither a page of somebody else nor a redirect, but our JSON with our headers:', () => {
  test.each<[string, string | Buffer, number]>([
    ['the root', bytesOf({ ...GET, path: '/' }), 404],
    ['a path that lacks a slash', bytesOf({ ...GET, path: '/webhooks' }), 404],
    ['a path with a slash too many', points({ path: '/webhooks/points/' }), 404],
    ['a path in other case', points({ path: '/Webhooks/Points' }), 404],
    ['a path with two slashes', points({ path: '//webhooks/points' }), 404],
    ['a path that cannot be decoded', points({ path: '/webhooks/%ff%zz' }), 404],
    ['a path of 15 KB', points({ path: `/${'a'.repeat(15_000)}` }), 404],
    ['a favicon', bytesOf({ ...GET, path: '/favicon.ico' }), 404],
    ['a whole URL as the target', points({ path: 'http://hooks.example/webhooks/points' }), 404],
    ['the server itself', bytesOf({ method: 'OPTIONS', path: '*' }), 404],
    ['an unknown method', 'BREW /webhooks/points HTTP/1.1\r\nhost: a\r\n\r\n', 400],
    ['TRACE, which would show the credential', points({ method: 'TRACE' }), 405],
    ['a web socket', bytesOf({ method: 'GET', path: '/webhooks/points', headers: UPGRADE }), 405],
    ['a web socket elsewhere', bytesOf({ method: 'GET', path: '/', headers: UPGRADE }), 404],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['HTTP/0.9', 'GET /\r\n\r\n', 404],
    ['HTTP/3.0', 'POST /webhooks/points HTTP/3.0\r\nhost: a\r\n\r\n', 400],
    ['health', bytesOf({ ...GET, path: '/health' }), 200],
    ['a good webhook', points(), 200],
  ])('%s', async (_what, bytes, statusCode) => {
    const answer = await ingress.ask(bytes)
    expect(answer).toMatchObject({ statusCode, headers: SAFE_HEADERS })
    expect(answer?.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(JSON.parse(answer?.body ?? '')).toEqual(expect.any(Object))
    const known = new Set([...FIELDS, ...Object.keys(SAFE_HEADERS)])
    expect(Object.keys(answer?.headers ?? {}).filter(name => !known.has(name))).toEqual([])
  })
})

describe('a client that asks before it sends its body', () => {
  const asking = { expect: '100-continue' }
  const head = (bytes: Buffer) => bytes.subarray(0, bytes.indexOf('\r\n\r\n') + 4)

  test('is told to go on where the body is wanted', async () => {
    const body = pointsBody()
    const client = ingress.connect().send(head(points({ body, headers: asking })))
    expect((await client.answer())?.statusCode).toBe(100)
    expect((await client.send(body).answer())?.statusCode).toBe(200)
    expect((await client.send(points()).answer())?.statusCode).toBe(200)
    client.close()
  })

  test.each<[string, Buffer, number]>([
    ['the path is unknown', points({ path: '/nowhere', headers: asking }), 404],
    ['the method is wrong', points({ method: 'PUT', headers: asking }), 405],
    ['the media type is wrong', points({ headers: { ...asking, 'content-type': 'text/plain' } }), 415],
    ['the body is too large', points({ headers: { ...asking, 'content-length': '1048577' } }), 413],
  ])('is refused instead where %s, and its connection ends', async (_why, bytes, statusCode) => {
    const client = ingress.connect().send(head(bytes))
    expect(await client.answer()).toMatchObject({ statusCode, headers: { connection: 'close' } })
    await client.closed()
  })

  test('is refused instead where there is no room', async () => {
    const full = await runningApp(async () => undefined, { limits: { maxRequests: 0, maxBytes: 10_000_000 } })
    const client = full.connect().send(head(points({ headers: asking })))
    expect((await client.answer())?.statusCode).toBe(503)
    await client.closed()
    await full.app.close()
  })

  test('for something else is served as if it had not', async () => {
    expect((await ingress.ask(points({ headers: { expect: 'the-impossible' } })))?.statusCode).toBe(200)
  })
})

describe('HTTP/1.0', () => {
  const old = (headers = {}) =>
    Buffer.from(points({ headers }).toString('latin1').replace('HTTP/1.1', 'HTTP/1.0'), 'latin1')

  test('is served, also without a host, and its connection ends', async () => {
    for (const bytes of [old(), old({ host: undefined })]) {
      const client = ingress.connect().send(bytes)
      expect(await client.answer()).toMatchObject({ statusCode: 200, headers: { connection: 'close' } })
      await client.closed()
    }
  })

  test('keeps its connection where it asks for that', async () => {
    const client = ingress.connect().send(old({ connection: 'keep-alive' }))
    expect((await client.answer())?.statusCode).toBe(200)
    expect((await client.send(old()).answer())?.statusCode).toBe(200)
    await client.closed()
  })
})

test('of requests sent ahead, one that is refused for its body does not take the next one with it', async () => {
  const refused = points({ headers: { 'content-type': 'text/plain' } })
  const client = ingress.connect().send(Buffer.concat([points(), refused, points()]))
  const codes = [await client.answer(), await client.answer(), await client.answer()].map(answer => answer?.statusCode)
  expect(codes).toEqual([200, 415, 200])
  client.close()
})
