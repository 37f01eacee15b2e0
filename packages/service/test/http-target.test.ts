import { startSandbox } from '@hookline/sandbox'
import type { Sandbox } from '@hookline/sandbox'
import { type EffectError, Outage, Permanent, Retryable, Unknown } from '@hookline/consumer'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { httpPath } from '../src/http-path.ts'
import { httpTarget } from '../src/http-target.ts'
import type { HttpTarget, HttpTargetOptions } from '../src/http-target.ts'
import { bitesOf, contextOf, eventually, ledgerOf, setFault, startServer, thrownBy } from './target-fixture.ts'

let sandbox: Sandbox
let erp: HttpTarget
const open: { close(): Promise<void> }[] = []

beforeEach(async () => {
  sandbox = await startSandbox()
  erp = target({ baseUrl: sandbox.erp })
  open.push(sandbox)
})
afterEach(async () => {
  while (open.length > 0) await open.pop()?.close()
})

function target(options: Partial<HttpTargetOptions>): HttpTarget {
  const defaults = { name: 'erp', baseUrl: sandbox.erp, requestTimeoutMs: 30_000, connections: 4, breakAfter: 1_000 }
  const made = httpTarget({ ...defaults, ...options })
  open.push(made)
  return made
}

function put(order: string, via = erp, signal?: AbortSignal): Promise<void> {
  return via.put(httpPath`/orders/${order}`, { status: 'approved' }, contextOf(order, signal && { signal }))
}

describe('a request', () => {
  test('says its key and what it is for, also where a value has odd characters', async () => {
    const order = 'a b;c=ü/%'
    await erp.put(httpPath`/orders/${order}`, {}, contextOf(order, { key: 'key-of-odd' }))
    expect(await ledgerOf(sandbox.erp)).toMatchObject([
      {
        order_id: order,
        source: 'points',
        event: 'approved',
        effect: 'order',
        key: 'key-of-odd',
        version: '1760000000000.0000000000.30.0123456789abcdef',
        executed: true,
        status: 200,
      },
    ])
  })

  test('has the same bytes on a retry, and the repeated key is done', async () => {
    await put('a')
    await put('a')
    const rows = await ledgerOf(sandbox.erp)
    expect(rows.map(row => row.executed)).toEqual([true, false])
    expect(rows[1]?.body_digest).toBe(rows[0]?.body_digest)
  })

  test('of any method has its answer, for what the target says of itself', async () => {
    const server = await startServer((request, response) => {
      const { method, headers } = request
      request.resume().on('end', () => response.writeHead(201).end(JSON.stringify({ id: 7, method, headers })))
    })
    open.push(server)
    const crm = target({ name: 'crm', baseUrl: server.url })
    const answer = await crm.send({ method: 'PATCH', path: '/orders/a', body: { paid: true } }, contextOf('a'))
    expect(answer.status).toBe(201)
    expect(answer.json()).toMatchObject({ id: 7, method: 'PATCH', headers: { 'idempotency-key': 'key-of-a' } })
    const gone = (await crm.send({ method: 'DELETE', path: '/orders/a' }, contextOf('a'))).json()
    expect(gone).toMatchObject({ method: 'DELETE' })
    expect(gone).not.toHaveProperty('headers.content-type')
  })

  test('whose answer is no JSON is done all the same', async () => {
    const server = await startServer((request, response) => request.resume().on('end', () => response.end('<ok/>')))
    open.push(server)
    const crm = target({ name: 'crm', baseUrl: server.url })
    const answer = await crm.send({ method: 'POST', path: '/orders', body: {} }, contextOf('a'))
    expect([answer.text, answer.json()]).toEqual(['<ok/>', undefined])
  })

  test('goes below the path of the base URL, with the headers of the options', async () => {
    const seen: (string | undefined)[] = []
    const server = await startServer((request, response) => {
      seen.push(request.method, request.url, request.headers.authorization, request.headers['content-type'])
      response.end()
    })
    open.push(server)
    const api = target({ baseUrl: `${server.url}/api/v2/`, headers: { authorization: 'Bearer x' } })
    await api.post('/entries', { kind: 'paid' }, contextOf('a'))
    expect(seen).toEqual(['POST', '/api/v2/entries', 'Bearer x', 'application/json'])
  })

  test('that waits for a connection of our own does not time out by it', async () => {
    await setFault(sandbox.erp, { mode: 'slow', delay_ms: 3_000 })
    const api = target({ connections: 1, requestTimeoutMs: 5_000 })
    await Promise.all([put('a', api), put('b', api)])
    expect((await ledgerOf(sandbox.erp)).map(({ order_id, executed }) => [order_id, executed])).toEqual([
      ['a', true],
      ['b', true],
    ])
  })

  test('uses a kept connection', async () => {
    const server = await startServer((request, response) => request.resume().on('end', () => response.end('{}')))
    open.push(server)
    const api = target({ baseUrl: server.url, connections: 1 })
    for (let n = 0; n < 20; n += 1) await put(`o-${n}`, api)
    expect(server.connections()).toBe(1)
  })

  test.each(['orders/a', '/orders/a b', '/orders/a\r\nx: y', '/orders/../admin', '/orders/..', '/./orders'])(
    'is refused for the path %j',
    async path => {
      expect(await thrownBy(erp.put(path, {}, contextOf('a')))).toBeInstanceOf(Permanent)
      expect(await ledgerOf(sandbox.erp)).toEqual([])
    },
  )

  test.each(['', '.', '..'])('is refused for the value %j in a path', value => {
    expect(() => httpPath`/orders/${value}/entries`).toThrow(Permanent)
  })
})

describe('an answer', () => {
  test.each([
    [302, Outage],
    [400, Permanent],
    [401, Outage],
    [403, Outage],
    [404, Outage],
    [405, Outage],
    [408, Retryable],
    [409, Unknown],
    [410, Permanent],
    [422, Permanent],
    [425, Retryable],
    [429, Retryable],
    [500, Unknown],
    [501, Outage],
    [502, Unknown],
    [503, Unknown],
    [504, Unknown],
  ])('%i is %o', async (status, kind) => {
    await setFault(sandbox.erp, { mode: 'status', status })
    const error = await thrownBy(put('a'))
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject({ message: expect.stringContaining(`erp answered ${status}`), retryAfterMs: undefined })
  })

  test.each([200, 201, 202, 204, 299])('%i is done', async status => {
    const server = await startServer((_request, response) => response.writeHead(status).end())
    open.push(server)
    await expect(put('a', target({ baseUrl: server.url }))).resolves.toBeUndefined()
  })

  // 503 alone is another kind with it than without: who names a time refused on purpose
  describe.each([
    [401, Outage],
    [408, Retryable],
    [409, Unknown],
    [425, Retryable],
    [429, Retryable],
    [500, Unknown],
    [503, Retryable],
  ])('%i that says when to come back', (status, kind) => {
    async function errorWith(retryAfter: string) {
      const server = await startServer((_request, response) =>
        response.writeHead(status, { 'retry-after': retryAfter }).end(),
      )
      open.push(server)
      const error = await thrownBy(put('a', target({ baseUrl: server.url })))
      expect(error).toBeInstanceOf(kind)
      return error as EffectError
    }

    test('in seconds', async () => {
      expect(await errorWith('7')).toMatchObject({ retryAfterMs: 7_000 })
    })

    test('as a date', async () => {
      const { retryAfterMs = 0 } = await errorWith(new Date(Date.now() + 1_800_000).toUTCString())
      expect(retryAfterMs).toBeGreaterThan(1_700_000)
      expect(retryAfterMs).toBeLessThanOrEqual(1_800_000)
    })
  })

  test('a refusal keeps its first kilobyte, without mail addresses, however long it is', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(422)
      // Never ends: reading all of it would take until the time-out.
      response.write(`no customer buyer@example.com\n${'x'.repeat(100 * 1_024)}`)
    })
    open.push(server)
    const error = await thrownBy(put('a', target({ baseUrl: server.url })))
    expect(error).toBeInstanceOf(Permanent)
    const { answer = '' } = error as Permanent
    expect(answer.startsWith('no customer <address> xxx')).toBe(true)
    expect(answer.length).toBeLessThanOrEqual(1_024)
  })

  test('2xx is done even if its body never arrives', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('12345')
      response.socket?.end()
    })
    open.push(server)
    await expect(put('a', target({ baseUrl: server.url }))).resolves.toBeUndefined()
  })

  test('a redirect is not followed', async () => {
    const urls: (string | undefined)[] = []
    const server = await startServer((request, response) => {
      urls.push(request.url)
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    open.push(server)
    expect(await thrownBy(put('a', target({ baseUrl: server.url })))).toBeInstanceOf(Outage)
    expect(urls).toEqual(['/orders/a'])
  })
})

describe('no answer', () => {
  test('a connection that is refused: surely not done', async () => {
    const gone = await startSandbox()
    await gone.close()
    const error = await thrownBy(put('a', target({ baseUrl: gone.erp })))
    expect(error).toBeInstanceOf(Retryable)
    expect(error).toMatchObject({ message: 'erp connection failed (ECONNREFUSED)' })
  })

  test('a reset after the request left: may be done', async () => {
    await setFault(sandbox.erp, { mode: 'down' })
    expect(await thrownBy(put('a'))).toBeInstanceOf(Unknown)
  })

  test('done, and the answer cut: may be done, and the retry repeats nothing', async () => {
    await setFault(sandbox.erp, { mode: 'drop-answer', count: 1 })
    expect(await thrownBy(put('a'))).toBeInstanceOf(Unknown)
    await put('a')
    expect((await ledgerOf(sandbox.erp)).map(row => row.executed)).toEqual([true, false])
  })

  test('a time-out: may be done', async () => {
    await setFault(sandbox.erp, { mode: 'slow', delay_ms: 2_000 })
    const error = await thrownBy(put('a', target({ requestTimeoutMs: 1_000 })))
    expect(error).toBeInstanceOf(Unknown)
    expect(error).toMatchObject({ message: 'erp timed out' })
    await eventually(() => ledgerOf(sandbox.erp)).toMatchObject([{ executed: true }])
  })

  test('aborted before a connection was free: surely not done, and never sent later', async () => {
    await setFault(sandbox.erp, { mode: 'slow', delay_ms: 500 })
    const slow = target({ connections: 1 })
    const first = put('first', slow)
    await eventually(() => bitesOf(sandbox.erp)).toBe(1)
    const aborted = new AbortController()
    const second = thrownBy(put('second', slow, aborted.signal))
    aborted.abort()
    expect(await second).toBeInstanceOf(Retryable)
    await first
    await setFault(sandbox.erp, { mode: 'ok' })
    await put('third', slow)
    await eventually(async () => (await ledgerOf(sandbox.erp)).map(row => row.order_id).sort()).toEqual([
      'first',
      'third',
    ])
  })

  test('aborted while it was sent: may be done; before it was sent: surely not', async () => {
    await setFault(sandbox.erp, { mode: 'slow', delay_ms: 500 })
    const lease = new AbortController()
    const sent = thrownBy(put('a', erp, lease.signal))
    await eventually(() => bitesOf(sandbox.erp)).toBe(1)
    lease.abort()
    expect(await sent).toBeInstanceOf(Unknown)
    expect(await thrownBy(put('b', erp, lease.signal))).toBeInstanceOf(Retryable)
    expect(await bitesOf(sandbox.erp)).toBe(1)
  })

  test('TLS that fails is a matter of configuration', async () => {
    const error = await thrownBy(put('a', target({ baseUrl: sandbox.erp.replace('http:', 'https:') })))
    expect(error).toBeInstanceOf(Outage)
  })

  test('closed while a request is under way: may be done', async () => {
    await setFault(sandbox.erp, { mode: 'slow', delay_ms: 1_000 })
    const closing = target({})
    const error = thrownBy(put('a', closing))
    await eventually(() => bitesOf(sandbox.erp)).toBe(1)
    await closing.close()
    expect(await error).toBeInstanceOf(Unknown)
  })
})

describe('the breaker', () => {
  test('stops asking a target that is down, lets one try later, and closes when that is well', async () => {
    const states: string[] = []
    const api = target({ breakAfter: 3, halfOpenAfterMs: 300, onBreaker: state => states.push(state) })
    await setFault(sandbox.erp, { mode: 'status', status: 500 })
    for (const order of ['a', 'b', 'c']) expect(await thrownBy(put(order, api))).toBeInstanceOf(Unknown)
    const error = await thrownBy(put('d', api))
    expect(error).toBeInstanceOf(Outage)
    expect((error as Outage).retryAfterMs).toBeGreaterThan(0)
    expect((error as Outage).retryAfterMs).toBeLessThanOrEqual(300)
    expect((await ledgerOf(sandbox.erp)).map(row => row.order_id)).toEqual(['a', 'b', 'c'])

    await setFault(sandbox.erp, { mode: 'ok' })
    await eventually(() =>
      put('e', api).then(
        () => 'done',
        () => 'refused',
      ),
    ).toBe('done')
    await put('f', api)
    expect(states).toEqual(['open', 'half-open', 'closed'])
  })

  test('lets only one try while it is half open, and opens again when that fails', async () => {
    const states: string[] = []
    const api = target({ breakAfter: 1, halfOpenAfterMs: 100, onBreaker: state => states.push(state) })
    await setFault(sandbox.erp, { mode: 'status', status: 500, count: 1 })
    await thrownBy(put('a', api))
    await setFault(sandbox.erp, { mode: 'down', for_ms: 60_000 })
    await eventually(async () => {
      const errors = await Promise.all(['b', 'c', 'd'].map(order => thrownBy(put(order, api))))
      return errors.map(error => (error as Error).constructor.name).sort()
    }).toEqual(['Outage', 'Outage', 'Unknown'])
    expect(states).toEqual(['open', 'half-open', 'open'])
    expect(await ledgerOf(sandbox.erp)).toHaveLength(2)
  })

  test.each([
    ['refusals of single requests', 422],
    ['being asked to slow down', 429],
    ['a key in progress', 409],
  ])('is not opened by %s', async (_name, status) => {
    const api = target({ breakAfter: 1 })
    await setFault(sandbox.erp, { mode: 'status', status, count: 3 })
    for (const order of ['a', 'b', 'c']) expect(await thrownBy(put(order, api))).not.toBeInstanceOf(Outage)
    await put('d', api)
  })

  test('is not opened by one order that fails again and again: the others are asked for as before', async () => {
    const api = target({ breakAfter: 3 })
    await setFault(sandbox.erp, { mode: 'status', status: 500, order_id: 'bad' })
    for (let n = 0; n < 10; n += 1) expect(await thrownBy(put('bad', api))).toBeInstanceOf(Unknown)
    await put('good', api)
    expect(await ledgerOf(sandbox.erp)).toHaveLength(11)
  })

  test('counts only failures in a row', async () => {
    const api = target({ breakAfter: 2 })
    for (let n = 0; n < 4; n += 1) {
      await setFault(sandbox.erp, { mode: 'status', status: 500 })
      expect(await thrownBy(put(`bad-${n}`, api))).toBeInstanceOf(Unknown)
      await setFault(sandbox.erp, { mode: 'ok' })
      await put(`good-${n}`, api)
    }
  })
})
