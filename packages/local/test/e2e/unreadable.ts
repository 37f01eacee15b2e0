import { randomUUID } from 'node:crypto'
import { localKafkaClient } from '../../src/kafka-client.ts'
import { CONSUMERS } from '../../src/demo/judged.ts'
import type { StackInfo } from '../../src/stack-file.ts'
import { PATIENCE, valuesIn } from './kafka.ts'

const PARTITIONS = [0, 1, 2, 3, 4, 5]

/** Puts records into a source's topic that no service can read. */
export interface UnreadableRecords {
  /** One into each partition of the topic, so that every process that reads it meets one. */
  send(): Promise<void>
  /** What those records hold. */
  sent(): readonly string[]
  close(): Promise<void>
}

export async function unreadableRecords(info: StackInfo): Promise<UnreadableRecords> {
  const producer = localKafkaClient(info.kafka).kafkajs(PATIENCE).producer()
  await producer.connect()
  const sent: string[] = []
  return {
    async send() {
      const values = PARTITIONS.map(() => `unreadable ${randomUUID()}`)
      const messages = values.map((value, partition) => ({ key: 'nobody', value, partition }))
      await producer.send({ topic: 'points.webhook', messages })
      sent.push(...values)
    },
    sent: () => sent,
    close: () => producer.disconnect(),
  }
}

/** Which of them a service has no dead letter of, as `wms: unreadable 1`. */
export async function lettersMissing(info: StackInfo, { sent }: UnreadableRecords): Promise<string[]> {
  const missing = CONSUMERS.map(async service => {
    const letters = new Set(await valuesIn(info, [`${service}.dead`]))
    return sent()
      .filter(value => !letters.has(value))
      .map(value => `${service}: ${value}`)
  })
  return (await Promise.all(missing)).flat()
}
