import { expect, test } from 'vitest'
import { NO_ANSWER, NOT_SENT } from '../src/load/plan.ts'
import { storedOf } from '../src/load/stored.ts'
import { WEBHOOK_ROOM_BYTES, webhookIn, WEBHOOKS_OF_ORDER, webhooks } from '../src/load/webhooks.ts'

const room = () => Buffer.alloc(WEBHOOK_ROOM_BYTES)

test('every webhook of a load is a whole request, and is known again in what is stored', () => {
  const made = webhooks({ host: '127.0.0.1:80', orders: 'closed-1-ours', secret: 's' })
  const used = room()
  for (let n = 0; n < 3 * WEBHOOKS_OF_ORDER; n++) {
    const [order, step] = [123_456_780 + Math.floor(n / WEBHOOKS_OF_ORDER), n % WEBHOOKS_OF_ORDER]
    const [head = '', body = ''] = made.write(used, order, step).toString().split('\r\n\r\n')
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`)
    expect(() => JSON.parse(body)).not.toThrow()
    expect(webhookIn(Buffer.from(`{"id":"points/1/approved","data":${body}}`))).toEqual({
      orders: 'closed-1-ours',
      order,
      step,
    })
  }
  expect(webhookIn(Buffer.from('{"event":"approved"}'))).toBeUndefined()
})

/** Of one order whose webhooks were answered so. */
function load(statuses: readonly number[]) {
  const columns = new Float32Array(statuses.length)
  const answers = {
    status: Uint16Array.from(statuses),
    lateMs: columns,
    tookMs: columns,
    secret: new Uint8Array(statuses.length),
    secrets: ['s'],
    startedMs: 0,
    elapsedMs: 1,
    cpuMs: 1,
  }
  return storedOf({ orders: 'o', answers, perOrder: 4 })
}

test.for<[string, readonly number[], readonly (readonly [partition: number, step: number])[], readonly unknown[]]>([
  [
    'all is stored in its sequence',
    [200, 200, 503],
    [
      [1, 0],
      [1, 1],
    ],
    [],
  ],
  [
    'an acked one is lost',
    [200, 200],
    [[1, 0]],
    [expect.stringContaining('1 webhooks of o were acked and are not stored')],
  ],
  [
    'what was not acked may be stored all the same',
    [503, NO_ANSWER],
    [
      [1, 0],
      [1, 1],
    ],
    [],
  ],
  [
    'one is stored that was not sent',
    [200, NOT_SENT],
    [
      [1, 0],
      [1, 1],
      [1, 2],
    ],
    [expect.stringContaining('2 webhooks of o were not sent and are stored')],
  ],
  [
    'one is stored twice',
    [200, 200],
    [
      [1, 0],
      [1, 1],
      [1, 1],
    ],
    [expect.stringContaining('more than once'), expect.stringContaining('sequence')],
  ],
  [
    'they are in another sequence',
    [200, 200],
    [
      [1, 1],
      [1, 0],
    ],
    [expect.stringContaining('sequence')],
  ],
  [
    'they are in two partitions',
    [200, 200],
    [
      [1, 0],
      [2, 1],
    ],
    [expect.stringContaining('sequence')],
  ],
])('%s', ([, statuses, records, amiss]) => {
  const one = load(statuses)
  for (const [partition, step] of records) one.add(partition, 0, step)
  expect(one.amiss()).toEqual(amiss)
})
