import { setTimeout as delay } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Stack, startStack } from '../../src/stack.ts'
import { waitFor } from '../../src/wait-for.ts'
import { bodiesInTopics } from './kafka.ts'
import { leaks } from './logs.ts'
import { wrongOutcomes } from './outcome.ts'
import { type Answer, deliver, post } from './sender.ts'
import { deadEntries, settled } from './store.ts'
import { ledgersOf, TARGETS } from './targets.ts'
import { hc, newOrderId, points, START_MS, type Webhook } from './webhooks.ts'

const ANSWER_LIMIT_MS = 5_000
const STOPPED_MS = 30_000
const SENDERS = 4
/** More than those senders would hear in that time if each refusal took as long as the first. */
const QUICK_REFUSALS = 300

interface Delivery {
  readonly webhook: Webhook
  /** `none`: no answer within five seconds. */
  readonly answer: Answer | 'none'
}

let stack: Stack
let mongo: MongoClient
let ingressPid: number
const deliveries: Delivery[] = []

beforeAll(async () => {
  stack = await startStack({ ephemeral: true })
  mongo = await MongoClient.connect(stack.info.mongodb)
  ingressPid = stack.pid('ingress')
})
afterAll(async () => {
  await mongo?.close()
  await stack?.close()
})

const refusals = () => deliveries.filter(({ answer }) => answer !== 'none' && answer.status === 503)
const orderIdOf = ({ webhook }: Delivery) => webhook.orderId
const accepted = () => deliveries.filter(({ answer }) => answer !== 'none' && answer.status === 200)

/** Posts webhooks of both sources, each of an order of its own, until `during` is over. */
async function whilePosting(during: () => Promise<void>): Promise<void> {
  let over = false
  const sender = async (n: number) => {
    while (!over) {
      const make = n % 2 === 0 ? points : hc
      const event = n % 2 === 0 ? 'approved' : 'order.created'
      const webhook = make({ orderId: newOrderId(), event, atMs: START_MS })
      const answer = await post(stack.info, webhook, { timeoutMs: ANSWER_LIMIT_MS }).catch(() => 'none' as const)
      deliveries.push({ webhook, answer })
      await delay(150) // the pace of the sender
    }
  }
  const senders = Array.from({ length: SENDERS }, (_, n) => sender(n))
  try {
    await during()
  } finally {
    over = true
    await Promise.all(senders)
  }
}

/** Resolves when so many more webhooks of each source were accepted. */
async function acceptedMore(count: number): Promise<void> {
  const of = (source: string) => accepted().filter(({ webhook }) => webhook.source === source).length
  const before = { points: of('points'), hc: of('hc') }
  const more = async () => (of('points') >= before.points + count && of('hc') >= before.hc + count ? true : undefined)
  await waitFor(`${count} more accepted of each source`, more, { limitMs: 90_000 })
}

/** A broker that is back before anybody noticed is killed again. */
async function killBrokerUntilRefused(): Promise<void> {
  let killedPid = 0
  const refused = async () => {
    if (refusals().length > 0) return true
    if (stack.pid('kafka') === killedPid) return undefined
    killedPid = stack.pid('kafka')
    expect(stack.kill('kafka', 0, 'SIGKILL')).toBe(true)
    return undefined
  }
  await waitFor('a refusal', refused, { limitMs: 90_000 })
}

function refusedMore(count: number): Promise<true> {
  const before = refusals().length
  const more = async () => (refusals().length >= before + count ? true : undefined)
  return waitFor(`${count} refusals`, more, { limitMs: 90_000 })
}

/** Answers that are neither 200 nor 503 with when to try again, or that did not come within five seconds. */
function wrongAnswers(): readonly Delivery[] {
  return deliveries.filter(({ answer }) => {
    if (answer === 'none') return true
    return answer.status === 503 ? !/^[1-9]\d*$/.test(answer.retryAfter ?? '') : answer.status !== 200
  })
}

test('while the broker is killed every webhook is answered within 5 s, 503 with Retry-After, and served again afterwards', async () => {
  await whilePosting(async () => {
    await acceptedMore(25)
    await killBrokerUntilRefused()
    await acceptedMore(25)
  })
  expect(wrongAnswers()).toEqual([])
  expect(stack.pid('ingress')).toBe(ingressPid)
})

test('while the broker is stopped for 30 s every webhook is answered within 5 s, soon at once, and served again afterwards', async () => {
  await whilePosting(async () => {
    await acceptedMore(25)
    const stoppedAtMs = performance.now()
    expect(stack.kill('kafka', 0, 'SIGSTOP')).toBe(true)
    try {
      await refusedMore(QUICK_REFUSALS)
      await delay(STOPPED_MS - (performance.now() - stoppedAtMs))
    } finally {
      stack.kill('kafka', 0, 'SIGCONT')
    }
    await acceptedMore(25)
  })
  expect(wrongAnswers()).toEqual([])
  expect(stack.pid('ingress')).toBe(ingressPid)
})

test('what was accepted around the outages is in the topics, and what was refused is done once when it is sent again', async () => {
  await settled({ info: stack.info, mongo })
  const stored = await bodiesInTopics(stack.info)
  expect(accepted().filter(({ webhook }) => !stored.has(webhook.body))).toEqual([])
  const storedOrders = new Set(deliveries.filter(({ webhook }) => stored.has(webhook.body)).map(orderIdOf))
  const ledgers = await ledgersOf(stack.info)
  const effects = TARGETS.flatMap(target => ledgers[target])
  expect(effects.filter(({ order_id }) => !storedOrders.has(order_id))).toEqual([])

  await Promise.all(refusals().map(({ webhook }) => deliver(stack.info, webhook)))
  await settled({ info: stack.info, mongo })
  const orders = deliveries.map(({ webhook }) => ({ orderId: webhook.orderId, webhooks: [webhook] }))
  expect(wrongOutcomes(orders, await ledgersOf(stack.info))).toEqual([])
  expect(await deadEntries(mongo)).toEqual([])
})

test('outages of Kafka put no secret, address or body into a log', async () => {
  expect(
    await leaks(
      stack,
      deliveries.map(({ webhook }) => webhook),
    ),
  ).toEqual([])
})
