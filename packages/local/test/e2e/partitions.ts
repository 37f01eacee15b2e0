import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { lag, recordSource, topicReaders } from '@hookline/kafka'
import { localKafkaClient } from '../../src/kafka-client.ts'
import { CONSUMERS, type ConsumerName } from '../../src/demo/judged.ts'
import type { Stack } from '../../src/stack.ts'
import type { StackInfo } from '../../src/stack-file.ts'
import { waitFor } from '../../src/wait-for.ts'
import { metricOf } from './metrics.ts'

/** Within the lease. */
const HANG_LIMIT_MS = 4_000
export const SOURCE_TOPICS = ['points.webhook', 'hc.webhook'] as const

/** Each way in which a service takes a record from Kafka ends in one of these. */
const TAKEN = [
  'hookline_events_accepted_total',
  'hookline_duplicates_dropped_total',
  'hookline_events_skipped_total',
  'hookline_dead_letters_total',
]

/** Records in the sources' topics. */
export async function recordsStored({ kafka }: StackInfo): Promise<number> {
  const lags = await lag(localKafkaClient(kafka), 'nobody', [...SOURCE_TOPICS])
  return lags.reduce((sum, { endOffset }) => sum + Number(endOffset), 0)
}

/** How often the service's present processes have taken a record from Kafka; each above `recordsStored` is a redelivery. */
export async function recordsTaken({ services }: StackInfo, service: ConsumerName): Promise<number> {
  const counts = (services[service] ?? []).flatMap(instance => TAKEN.map(name => metricOf(instance, name)))
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
}

/** Records that a service has committed in the partitions from `first` on. */
export async function committedFrom({ kafka }: StackInfo, service: ConsumerName, first: number): Promise<number> {
  const lags = await lag(localKafkaClient(kafka), service, [...SOURCE_TOPICS])
  const added = lags.filter(({ partition }) => partition >= first)
  return added.reduce((sum, { committed }) => sum + Number(committed ?? 0), 0)
}

/** For each order the partitions in which its records lie. */
export async function partitionsOfOrders(info: StackInfo): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  let left = await recordsStored(info)
  const orders = new Map<string, Set<number>>()
  const all = Promise.withResolvers<void>()
  const client = localKafkaClient(info.kafka)
  const source = recordSource({ client, groupId: `dump-${randomUUID()}`, topics: [...SOURCE_TOPICS] })
  const reading = source.run(slice => {
    for (const { topic, key, partition } of slice) {
      const order = `${topic} ${key?.toString('utf8')}`
      orders.set(order, (orders.get(order) ?? new Set()).add(partition))
    }
    left -= slice.length
    if (left <= 0) all.resolve()
    return Promise.resolve()
  })
  await Promise.race([all.promise, reading])
  await source.close()
  return orders
}

/**
 * Lets MongoDB hang whenever a group shares its partitions out anew, until `over`: what is being accepted then is not
 * committed in time, and comes again.
 */
export async function hangWhileRebalancing(stack: Stack, over: () => boolean): Promise<void> {
  while (!over()) {
    if (!(await rebalances(stack.info))) {
      await delay(50)
      continue
    }
    stack.kill('mongodb', 0, 'SIGSTOP')
    try {
      const atRest = async () => ((await rebalances(stack.info)) ? undefined : true)
      await waitFor('groups at rest', atRest, { limitMs: HANG_LIMIT_MS }).catch(() => undefined)
    } finally {
      stack.kill('mongodb', 0, 'SIGCONT')
    }
  }
}

async function rebalances({ kafka }: StackInfo): Promise<boolean> {
  const readers = await topicReaders(localKafkaClient(kafka), SOURCE_TOPICS[0], CONSUMERS)
  return readers.some(({ state }) => state === 'rebalancing')
}
