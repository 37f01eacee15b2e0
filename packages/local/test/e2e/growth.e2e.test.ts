import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CONSUMERS } from '../../src/demo/judged.ts'
import { type Stack, startStack } from '../../src/stack.ts'
import { waitFor } from '../../src/wait-for.ts'
import { leaks } from './logs.ts'
import { instanceOf, metricOf, metricsText } from './metrics.ts'
import { hookline } from './operator.ts'
import { streamOrders, type StreamedOrder } from './order-stream.ts'
import { repeats, wrongOutcomes } from './outcome.ts'
import {
  committedFrom,
  hangWhileRebalancing,
  partitionsOfOrders,
  recordsStored,
  recordsTaken,
  SOURCE_TOPICS,
} from './partitions.ts'
import { deadEntries, settled } from './store.ts'
import { type Ledgers, ledgersOf, setFault, TARGETS } from './targets.ts'

const FIRST = 6
const STEPS = [12, 24] as const
const REFUSED_AT_A_TIME = 8

let stack: Stack
let mongo: MongoClient
let orders: readonly StreamedOrder[]
let ledgers: Ledgers
let bites: Readonly<Record<string, number>>
let redriven = 0

beforeAll(async () => {
  // a busy machine must not look like a target that does not answer
  const env = { REQUEST_TIMEOUT_MS: '10000', BACKOFF_MIN_MS: '300', BACKOFF_MAX_MS: '2000' }
  stack = await startStack({ ephemeral: true, env, replicas: { 'erp-sync': 2, email: 2, wms: 2 } })
  mongo = await MongoClient.connect(stack.info.mongodb)
  await badWeather()
  let growing = true
  const grow = async () => {
    try {
      for (const partitions of STEPS) {
        await someDead()
        await Promise.all([redriveAll('--no-follow'), ...SOURCE_TOPICS.map(topic => scale(topic, partitions))])
      }
      await Promise.all(CONSUMERS.map(consumedEverywhere))
    } finally {
      growing = false
    }
  }
  const { info } = stack
  const many = streamOrders({ info, perSecond: 50, goOn: begun => growing || begun < 200 })
  // so slowly that their events come before and after a growth
  const slow = streamOrders({ info, perSecond: 4, goOn: () => growing })
  await Promise.all([grow(), many, slow, hangWhileRebalancing(stack, () => !growing)])
  orders = [...(await many), ...(await slow)]
  for (const target of TARGETS) await setFault(stack.info, target, { mode: 'ok' })
  await redriveAll()
  await settled({ info, mongo })
  ledgers = await ledgersOf(stack.info)
  bites = await counters()
  console.log(`Partitions ${FIRST} to ${STEPS.join(' to ')} under load:\n${JSON.stringify(bites, null, 2)}`)
}, 300_000)
afterAll(async () => {
  await mongo?.close()
  await stack?.close()
})

/** The ERP and the mail server refuse part of the time; what the warehouse does it often cannot tell. */
async function badWeather(): Promise<void> {
  await setFault(stack.info, 'erp', { mode: 'status', status: 503, rate: 0.25 })
  await setFault(stack.info, 'mail', { mode: 'status', status: 503, rate: 0.25 })
  await setFault(stack.info, 'wms', { mode: 'drop-answer', rate: 0.25 })
}

/** Lets the ERP refuse some events for good. */
async function someDead(): Promise<void> {
  await setFault(stack.info, 'erp', { mode: 'status', status: 422, count: REFUSED_AT_A_TIME })
  const dead = async () => ((await deadEntries(mongo)).length >= REFUSED_AT_A_TIME / 2 ? true : undefined)
  await waitFor('dead events', dead, { limitMs: 60_000 })
  await badWeather()
}

/** Gives back what is dead, by the operator's own command. */
async function redriveAll(...more: readonly string[]): Promise<void> {
  const why = ['--why', 'the ERP takes it again']
  const args = ['redrive', 'run', '--service', 'erp-sync', ...why, '--yes', '--json', ...more]
  redriven += (await deadEntries(mongo)).length
  await hookline(stack.info, args)
}

/** The operator's own command, which ends when every instance has found the new partitions. */
async function scale(topic: string, partitions: number): Promise<void> {
  const { admin } = instanceOf(stack.info, 'ingress')
  const args = ['topics', 'scale', topic, '--partitions', `${partitions}`, '--yes', '--json', '--ingress', admin]
  const told: unknown = JSON.parse(await hookline(stack.info, args))
  const found = { role: 'reads', state: 'stable', found: partitions, instances: [partitions / 2, partitions / 2] }
  expect(told).toMatchObject({
    topic,
    grown: true,
    complete: true,
    parties: [...CONSUMERS.map(group => ({ ...found, group })), { role: 'writes', admin, found: partitions }],
  })
}

/** Resolves when the service has taken records of the partitions of each step. */
async function consumedEverywhere(service: (typeof CONSUMERS)[number]): Promise<void> {
  const taken = async () => ((await committedFrom(stack.info, service, STEPS[0])) > 20 ? true : undefined)
  await waitFor(`records in the newest partitions for ${service}`, taken, { limitMs: 60_000, everyMs: 500 })
}

async function counters(): Promise<Readonly<Record<string, number>>> {
  const { info } = stack
  const stored = await recordsStored(info)
  const partitions = [...(await partitionsOfOrders(info)).values()]
  const found: Record<string, number> = {
    'orders in two partitions': partitions.filter(({ size }) => size > 1).length,
    'dead events redriven': redriven,
  }
  let again = 0
  for (const service of CONSUMERS) {
    const sum = async (name: string) => {
      const counts = await Promise.all(
        [0, 1].map(n => metricOf(instanceOf(info, service, n), `hookline_${name}_total`)),
      )
      return counts.reduce((total, count) => total + count, 0)
    }
    found[`${service}: records taken in the partitions of the first step`] =
      (await committedFrom(info, service, FIRST)) - (await committedFrom(info, service, STEPS[0]))
    found[`${service}: and of the second`] = await committedFrom(info, service, STEPS[0])
    again += (await recordsTaken(info, service)) - stored
    found[`${service}: duplicates dropped`] = await sum('duplicates_dropped')
    found[`${service}: claim conflicts`] = await sum('claim_conflicts')
    found[`${service}: retries`] = await sum('retries')
    found[`${service}: rebalances`] = await sum('rebalances')
  }
  found['records delivered again by Kafka'] = again
  found['requests repeated under their keys'] = TARGETS.flatMap(target => repeats(ledgers[target])).length
  return found
}

test('it bit: new partitions were consumed, orders were split, records came again, claims collided', () => {
  expect(Object.entries(bites).filter(([, count]) => !(count > 0))).toEqual([])
  // the first join, and one for each growth, in each of two instances
  for (const service of CONSUMERS) expect(bites[`${service}: rebalances`]).toBeGreaterThanOrEqual(6)
})

test('partitions that are added under load, with retries and redrive, lose, double and reorder nothing', async () => {
  expect(orders.length).toBeGreaterThanOrEqual(200)
  expect(wrongOutcomes(orders, ledgers)).toEqual([])
  expect(await deadEntries(mongo)).toEqual([])
})

test('no webhook is refused while the ingress finds the new partitions', async () => {
  const text = await metricsText(instanceOf(stack.info, 'ingress'))
  const answered = text.split('\n').filter(line => line.startsWith('hookline_ingress_requests_total{'))
  const refused = answered.filter(line => !line.includes('"accepted"') && !line.endsWith(' 0'))
  expect(answered.length).toBeGreaterThan(0)
  expect(refused).toEqual([])
})

test('growth under load puts no secret, address or body into a log', async () => {
  expect(
    await leaks(
      stack,
      orders.flatMap(({ webhooks }) => webhooks),
    ),
  ).toEqual([])
})
