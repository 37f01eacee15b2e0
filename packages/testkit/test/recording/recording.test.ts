import { defineConsumer, effect, type Handler, Permanent, Retryable, Unknown } from '@hookline/consumer'
import { httpTarget, type Mail, smtpTarget } from '@hookline/service'
import { deliver, points, recordingMailServer, recordingTarget, testConsumer } from '@hookline/testkit'
import { describe, expect, test } from 'vitest'

const approved = points('approved')
const mail: Mail = { to: 'a@shop.example', subject: 'Your order', text: 'Thank you.' }

function consumerOf(handler: Handler, timeoutMs = 60_000) {
  const on = { points: ['approved', 'captured'] }
  return defineConsumer({
    name: 'test',
    effects: [effect({ name: 'stock', policy: 'every', on, timeoutMs, handler })],
  })
}

/** What both a client and what stands in for it are asked before anything is sent. */
async function refusalOf(ask: Handler): Promise<unknown> {
  return await deliver(consumerOf(ask), approved).then(
    () => 'not refused',
    (error: unknown) => error,
  )
}

describe('a target that records', () => {
  test('gives the answer that the test says, for a handler that keeps something of it', async () => {
    const crm = recordingTarget('crm')
    crm.answer(() => ({ id: 7 }))
    const keep = effect({
      name: 'note',
      policy: 'latest',
      on: { points: ['approved'] },
      handler: async (_, context) => {
        const { json } = await crm.send({ method: 'PATCH', path: '/notes', body: { a: 1 } }, context)
        return { state: { answered: json() } }
      },
    })
    const tested = testConsumer(defineConsumer({ name: 'test', effects: [keep] }))
    await tested.deliver(approved)
    expect(tested.kept(approved, 'note')).toEqual({ answered: { id: 7 } })
    expect(crm.requests).toMatchObject([{ method: 'PATCH', path: '/notes', json: { a: 1 } }])
  })

  test('has each request as it would be sent, with what it is for', async () => {
    const erp = recordingTarget('erp')
    const tested = testConsumer(
      consumerOf(async (_, context) => await erp.put('/orders/p-1', { b: 1, a: 'é' }, context)),
    )
    await tested.deliver(approved)
    expect(erp.requests).toEqual([
      {
        method: 'PUT',
        path: '/orders/p-1',
        body: '{"b":1,"a":"é"}',
        json: { b: 1, a: 'é' },
        key: tested.calls()[0]?.effectKey,
        effect: 'stock',
        order: 'points:p-1',
        event: 'approved',
        version: approved.version,
        attempt: 1,
      },
    ])
  })

  test('counts what is asked twice under one key, and hides none of it', async () => {
    const erp = recordingTarget()
    const tested = testConsumer(
      consumerOf(async (event, context) => {
        await erp.put('/orders/p-1', {}, context)
        if (event.event === 'captured') await erp.post('/orders/p-1/again', {}, context)
      }),
    )
    await tested.deliver(approved, points('captured'), points('approved', { id: 'p-2' }))
    expect(erp.requests).toHaveLength(4)
    expect(erp.repeated().map(same => same.map(({ method, event }) => `${method} ${event}`))).toEqual([
      ['PUT captured', 'POST captured'],
    ])
    expect(erp.requestsOf(approved)).toHaveLength(3)
    expect(erp.requestsOf({ source: 'points', order_id: 'p-2' }).map(({ event }) => event)).toEqual(['approved'])
  })

  test('answers as it is told: the next ones in their order, then all', async () => {
    const erp = recordingTarget()
    const tested = testConsumer(consumerOf(async (_, context) => await erp.put('/', {}, context)))
    erp.answerNext(async () => {
      throw new Unknown('its answer was lost')
    })
    erp.answerNext(({ attempt }) => {
      throw new Retryable(`busy at attempt ${attempt}`)
    })
    erp.answer(() => {
      throw new Permanent('status 422')
    })
    await tested.deliver(approved)
    await tested.advance(10_000)
    expect(tested.calls().map(({ outcome, error }) => [outcome, error])).toEqual([
      ['unknown', 'its answer was lost'],
      ['retryable', 'busy at attempt 2'],
      ['permanent', 'status 422'],
    ])
    expect(erp.repeated()).toEqual([erp.requests])
    expect(new Set(erp.requests.map(({ body }) => body)).size).toBe(1)
  })

  test('takes its time by the clock of the test', async () => {
    const erp = recordingTarget()
    const tested = testConsumer(consumerOf(async (_, context) => await erp.put('/', {}, context)))
    erp.answer(() => tested.sleep(5_000))
    await tested.deliver(approved)
    await tested.advance(4_000)
    expect(tested.event(approved)).toMatchObject({ state: 'running' })
    await tested.advance(1_000)
    expect(tested.event(approved)).toMatchObject({ state: 'done' })
  })

  test('that never answers is given up when the handler is told to stop, and may have done it', async () => {
    const erp = recordingTarget('erp')
    erp.answerNext(() => new Promise(() => {}))
    const tested = testConsumer(consumerOf(async (_, context) => await erp.put('/', {}, context), 5_000))
    await tested.deliver(approved)
    await tested.advance(10_000)
    expect(tested.calls()).toMatchObject([{ outcome: 'unknown', error: 'erp aborted' }, { outcome: 'done' }])
    expect(erp.requests.map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  test('is asked nothing by a handler that was told to stop before', async () => {
    const erp = recordingTarget('erp')
    const consumer = consumerOf(async (_, context) => await erp.put('/', {}, context))
    const stopped = deliver(consumer, approved, { signal: AbortSignal.abort() })
    await expect(stopped).rejects.toThrow(new Retryable('erp aborted'))
    expect(erp.requests).toEqual([])
  })
})

describe('what the clients refuse before they send anything is refused in the same words, and is no request', () => {
  test.each([[''], ['orders/1'], ['/a b'], ['/é'], ['/../b'], ['/a/./b'], ['/a/..?x'], ['https://evil.example/']])(
    'the path %j',
    async path => {
      const client = httpTarget({ name: 'erp', baseUrl: 'http://localhost:1', requestTimeoutMs: 1, connections: 1 })
      const erp = recordingTarget('erp')
      const refusal = await refusalOf(async (_, context) => await client.put(path, {}, context))
      await client.close()
      expect(refusal).toEqual(new Permanent('erp: the path is not absolute or not encoded'))
      expect(await refusalOf(async (_, context) => await erp.post(path, {}, context))).toEqual(refusal)
      expect(erp.requests).toEqual([])
    },
  )

  test.each([
    ['a line break in the subject', { subject: 'Order\r\nBcc: b@evil.example' }],
    ['two addresses', { to: 'a@shop.example, b@shop.example' }],
    ['a line break in a header', { headers: { 'X-Order': '1\nBcc: b@evil.example' } }],
    ['what is no name of a header', { headers: { 'X Order': '1' } }],
  ])('a mail with %s', async (_what, odd) => {
    const client = smtpTarget({ url: 'smtp://localhost:1', from: 'a@b.example', requestTimeoutMs: 1, connections: 1 })
    const smtp = recordingMailServer()
    const refusal = await refusalOf(async (_, context) => await client.send({ ...mail, ...odd }, context))
    client.close()
    expect(refusal).toBeInstanceOf(Permanent)
    expect(await refusalOf(async (_, context) => await smtp.send({ ...mail, ...odd }, context))).toEqual(refusal)
    expect(smtp.requests).toEqual([])
  })
})

test('a mail server that records has each mail as it was sent, with what it is for', async () => {
  const smtp = recordingMailServer()
  const tested = testConsumer(consumerOf(async (_, context) => await smtp.send(mail, context)))
  smtp.answerNext(() => {
    throw new Unknown('the connection ended')
  })
  await tested.deliver(approved)
  await tested.advance(5_000)
  const key = tested.calls()[0]?.effectKey
  const about = { key, effect: 'stock', order: 'points:p-1', event: 'approved', version: approved.version }
  expect(smtp.requests).toEqual([
    { ...mail, ...about, attempt: 1 },
    { ...mail, ...about, attempt: 2 },
  ])
  expect(smtp.repeated()).toHaveLength(1)
})
