import { lag, partitionOf } from '@hookline/kafka'
import { MongoClient } from 'mongodb'
import { expect, onTestFinished, test } from 'vitest'
import { localKafkaClient } from '../../src/kafka-client.ts'
import { CONSUMERS } from '../../src/demo/judged.ts'
import { startStack } from '../../src/stack.ts'
import { waitFor } from '../../src/wait-for.ts'
import { lagOf } from './kafka.ts'
import { sumOf } from './metrics.ts'
import type { StreamedOrder } from './order-stream.ts'
import { repeats, wrongOutcomes } from './outcome.ts'
import { deliver } from './sender.ts'
import { busyOrders, deadEntries, settled } from './store.ts'
import { effectsIn, type LedgerEntry, ledgersOf, setFault, TARGETS } from './targets.ts'
import { newOrderId, points, START_MS } from './webhooks.ts'

const ORDERS = 1_000
/** As the local stack makes the topics. */
const PARTITIONS = 6
const PARTITION = 4
const SENDERS = 16
const EVENTS = ['authorized', 'approved', 'completed']
/** More failures in a row, with nothing else going on, than open a breaker that counts requests. */
const ALONE = 8

test('one failing order delays none of the 999 others of its partition, and when it is mended its events arrive in order', async () => {
  // quickly asked again, so that it fails often
  const stack = await startStack({ ephemeral: true, env: { BACKOFF_MAX_MS: '1000', REQUEST_TIMEOUT_MS: '10000' } })
  onTestFinished(() => stack.close())
  const mongo = await MongoClient.connect(stack.info.mongodb)
  onTestFinished(() => mongo.close())
  const { info } = stack
  const [failing, ...others] = Array.from({ length: ORDERS }, newOrder)
  if (failing === undefined) throw new Error('no order')
  const isOfFailing = ({ order_id }: LedgerEntry) => order_id === failing.orderId

  await setFault(info, 'erp', { mode: 'status', status: 503, order_id: failing.orderId })
  await deliver(info, ...failing.webhooks) // before all others in the partition
  await deliverAll(others)
  const ends = await lag(localKafkaClient(info.kafka), 'erp-sync', ['points.webhook'])
  expect(ends.filter(({ endOffset }) => endOffset !== '0').map(({ partition }) => partition)).toEqual([PARTITION])

  // nobody waits for it: Kafka is done with all records, and of the ERP's work only its own is left
  await settled({ info, mongo, services: ['email', 'wms'] })
  const onlyItIsLeft = async () => {
    const [left, ...more] = await busyOrders(mongo, 'erp-sync')
    return left?.order_id === failing.orderId && more.length === 0 && (await lagOf(info, 'erp-sync')) === 0
      ? true
      : undefined
  }
  await waitFor('the end of the work on all other orders', onlyItIsLeft, { limitMs: 90_000, everyMs: 200 })
  const meanwhile = await ledgersOf(info)
  expect(wrongOutcomes(others, meanwhile)).toEqual([])
  expect(TARGETS.flatMap(target => repeats(meanwhile[target])).filter(same => !same.every(isOfFailing))).toEqual([])
  expect(effectsIn(meanwhile.wms.filter(isOfFailing))).toEqual(['fulfilment approved', 'fulfilment completed'])
  expect(effectsIn(meanwhile.mail.filter(isOfFailing))).toEqual(['status approved'])

  // alone it fails on, and still is no reason to refuse another one
  const failuresOf = async () => (await ledgersOf(info, failing.orderId)).erp.length
  const before = await failuresOf()
  expect(before).toBeGreaterThan(0)
  const more = async () => ((await failuresOf()) >= before + ALONE ? true : undefined)
  await waitFor(`${ALONE} more failures`, more, { limitMs: 60_000, everyMs: 100 })
  const late = newOrder()
  await deliver(info, ...late.webhooks)
  await waitFor('the late order', async () => ((await onlyItIsLeft()) && (await isDone(late)) ? true : undefined), {
    limitMs: 60_000,
  })
  expect(repeats((await ledgersOf(info, late.orderId)).erp)).toEqual([])
  expect(await sumOf(info, 'erp-sync', { name: 'hookline_effects_total', label: 'outcome="outage"' })).toBe(0)
  expect(await sumOf(info, 'erp-sync', { name: 'hookline_breaker_changes_total' })).toBe(0)
  const refused = (await ledgersOf(info, failing.orderId)).erp
  expect(new Set(effectsIn(refused))).toEqual(new Set(['order authorized'])) // its first event: nothing passes it
  expect(refused.filter(({ executed }) => executed)).toEqual([])

  await setFault(info, 'erp', { mode: 'ok' })
  await settled({ info, mongo })
  const ledgers = await ledgersOf(info)
  const executed = ledgers.erp.filter(entry => isOfFailing(entry) && entry.executed)
  expect(effectsIn(executed)).toEqual(['order authorized', 'order approved', 'entry approved', 'order completed'])
  expect(wrongOutcomes([failing, ...others, late], ledgers)).toEqual([])
  expect(await deadEntries(mongo)).toEqual([])
  for (const service of CONSUMERS) {
    expect(await sumOf(info, service, { name: 'hookline_leases_lost_total' }), service).toBe(0)
  }

  async function deliverAll(orders: readonly StreamedOrder[]): Promise<void> {
    const left = [...orders]
    const sender = async () => {
      for (let order = left.pop(); order; order = left.pop()) await deliver(info, ...order.webhooks)
    }
    await Promise.all(Array.from({ length: SENDERS }, sender))
  }

  async function isDone({ orderId }: StreamedOrder): Promise<boolean> {
    return (await ledgersOf(info, orderId)).erp.some(({ event }) => event === EVENTS.at(-1))
  }
})

/** An order whose records lie in the one partition. */
function newOrder(): StreamedOrder {
  let orderId = newOrderId()
  while (partitionOf(Buffer.from(orderId), PARTITIONS) !== PARTITION) orderId = newOrderId()
  return { orderId, webhooks: EVENTS.map((event, n) => points({ orderId, event, atMs: START_MS + n * 1_000 })) }
}
