import { catalogues, encodeRecord, identityOf, readEvent, type WebhookEvent } from '@hookline/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localKafkaClient } from '../../src/kafka-client.ts'
import { type Stack, startStack } from '../../src/stack.ts'
import { readAll } from './java-reader.ts'
import { PATIENCE } from './kafka.ts'
import { deliver } from './sender.ts'
import { unreadableRecords } from './unreadable.ts'
import { hc, MAIL_DOMAIN, newOrderId, points, PRIVATE_NOTE, START_MS, type Webhook } from './webhooks.ts'

const SECOND_MS = 1_000

let stack: Stack

beforeAll(async () => {
  stack = await startStack({ ephemeral: true, consumers: [] })
})
afterAll(() => stack?.close())

function eventOf({ source, body }: Webhook): WebhookEvent {
  const now = Date.now()
  const read = readEvent(catalogues[source], { body: Buffer.from(body), headers: {}, receivedAt: now, now })
  if (read.kind !== 'event') throw new Error(`${source} sends no such event`)
  return read.event
}

/** What the example is to tell of a webhook. */
function told(webhook: Webhook, status: string | null) {
  const { source, event, orderId, atMs } = webhook
  const { version } = eventOf(webhook)
  const time = new Date(atMs).toISOString()
  return { id: identityOf(eventOf(webhook)), source, type: event, subject: orderId, time, version, status }
}

/** The lines about one order. */
function about(orderId: string, lines: readonly string[]) {
  const events = lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line) as ReturnType<typeof told>)
  return events.filter(({ subject }) => subject === orderId)
}

/** Puts an event into its topic with an attribute that records do not have today. */
async function produceWithMore(event: WebhookEvent): Promise<void> {
  const { key, value, headers } = encodeRecord(event)
  const more = value.toString('utf8').replace('{', '{"addedlater":"something new",')
  const producer = localKafkaClient(stack.info.kafka).kafkajs(PATIENCE).producer()
  await producer.connect()
  try {
    await producer.send({ topic: `${event.source}.webhook`, messages: [{ key, value: more, headers }] })
  } finally {
    await producer.disconnect()
  }
}

test('a reader in Java tells each event once, as it was sent, passes over what is older, and ends with exit code 0', async () => {
  const [p, h] = [newOrderId(), newOrderId()]
  const captured = points({ orderId: p, event: 'captured', atMs: START_MS })
  const approved = points({ orderId: p, event: 'approved', atMs: START_MS + 2 * SECOND_MS })
  const cancelled = points({ orderId: p, event: 'cancelled', atMs: START_MS + 3 * SECOND_MS })
  const late = points({ orderId: p, event: 'authorized', atMs: START_MS + SECOND_MS })
  await deliver(stack.info, captured, approved, approved, late, cancelled, captured)
  const created = hc({ orderId: h, event: 'order.created', atMs: START_MS })
  const paid = hc({ orderId: h, event: 'order.paid', atMs: START_MS + 1, says: { status: 'مدفوع' } })
  await deliver(stack.info, created, created, paid)

  const { lines, ended } = await readAll(stack.info)
  expect(about(p, lines)).toEqual([
    told(captured, 'captured'),
    told(approved, 'approved'),
    told(cancelled, 'cancelled'),
  ])
  expect(about(h, lines)).toEqual([told(created, 'order.created'), told(paid, 'مدفوع')])
  expect(lines.at(-1)).toBe('stopped: {PRINTED=5, REPEAT=3, OLDER=1}')
  expect(await ended).toEqual({ code: 0, signal: null })
})

test('the next run goes on where it stopped, and what it does not know, or cannot read, does not stop it', async () => {
  const [p, h] = [newOrderId(), newOrderId()]
  const unreadable = await unreadableRecords(stack.info)
  await unreadable.send()
  await unreadable.close()
  const unknown = points({ orderId: p, event: 'loyalty_moved', atMs: START_MS })
  const approved = points({ orderId: p, event: 'approved', atMs: START_MS + SECOND_MS, says: { color: ['red'] } })
  const completed = points({ orderId: p, event: 'completed', atMs: START_MS + 2 * SECOND_MS })
  await deliver(stack.info, unknown, approved)
  await produceWithMore(eventOf(completed))
  const unheard = hc({ orderId: h, event: 'order.unheard_of', atMs: START_MS })
  const odd = hc({ orderId: h, event: 'order.confirmed', atMs: START_MS + 1, says: { status: 7 } })
  await deliver(stack.info, unheard, odd)

  const { lines, ended } = await readAll(stack.info)
  expect(about(p, lines)).toEqual([told(approved, 'approved'), told(completed, 'approved')])
  expect(about(h, lines)).toEqual([told(odd, null)])
  expect(lines.at(-1)).toBe('stopped: {PRINTED=3, NOT_HANDLED=2, UNREADABLE=6}')
  expect(await ended).toEqual({ code: 0, signal: null })
})

test('a CloudEvents library takes every described event, and the reader shows nothing personal of it', async () => {
  const described = Object.entries(catalogues).flatMap(([source, { events }]) =>
    Object.keys(events).map(event => {
      const facts = { orderId: newOrderId(), event, atMs: START_MS }
      return source === 'points' ? points(facts) : hc(facts)
    }),
  )
  await deliver(stack.info, ...described)
  const { lines } = await readAll(stack.info)
  // 7 of Points and 5 of Headless Commerce tell an order's status
  expect(lines.at(-1)).toBe(`stopped: {PRINTED=12, NOT_HANDLED=${described.length - 12}}`)
  expect(lines.filter(line => line.includes(MAIL_DOMAIN) || line.includes(PRIVATE_NOTE))).toEqual([])
})
