import { readRecords } from '@hookline/kafka'
import { localKafkaClient } from '@hookline/local'
import type { Stage } from '../stage.ts'
import { type Sent, storedOf } from './stored.ts'
import { webhookIn } from './webhooks.ts'

/** Reads the topic to its end, and says what is amiss: what was acked must be there, once, and each order's webhooks in their order. */
export async function amissIn(stage: Stage, loads: readonly Sent[]): Promise<readonly string[]> {
  const found = new Map(loads.map(load => [load.orders, storedOf(load)]))
  await readRecords(localKafkaClient(stage.brokers), 'points.webhook', {
    each({ partition, value }) {
      const webhook = value === null ? undefined : webhookIn(value)
      if (webhook !== undefined) found.get(webhook.orders)?.add(partition, webhook.order, webhook.step)
    },
  })
  return [...found.values()].flatMap(one => one.amiss())
}
