import { localKafkaClient } from '../kafka-client.ts'
import { CONSUMERS } from './judged.ts'
import type { StackInfo } from '../stack-file.ts'
import { waitFor } from '../wait-for.ts'
import { SOURCE_TOPICS } from './gauges.ts'
import type { Sabotage, SabotageOptions } from './sabotage.ts'

const AFTER_DELIVERIES = 1 / 3
const LOST_REQUESTS = 40
const LIMIT_MS = 8_000
const PATIENCE = {
  connectionTimeoutMs: 3_000,
  requestTimeoutMs: 5_000,
  retries: 3,
  firstRetryMs: 200,
  maxRetryMs: 1_000,
}

/** While the consumers stand still, what is acked meanwhile is deleted from Kafka before anybody read it. */
export async function sabotageLose({ stack, plan, note, signal, acked }: SabotageOptions): Promise<Sabotage> {
  const at = Math.floor(plan.deliveries.length * AFTER_DELIVERIES)

  async function lose(): Promise<void> {
    const before = acked()
    for (const service of CONSUMERS) stack.kill(service, 0, 'SIGSTOP')
    try {
      const enough = async () => (acked() - before >= LOST_REQUESTS ? true : undefined)
      await waitFor('requests that are acked meanwhile', enough, { limitMs: LIMIT_MS, signal })
      await deleteRecords(stack.info)
    } finally {
      for (const service of CONSUMERS) stack.kill(service, 0, 'SIGCONT')
    }
    note(`sabotage: records of the last ${acked() - before} acked requests are deleted from Kafka`)
  }

  return {
    async before(_delivery, started) {
      if (started === at) await lose()
    },
  }
}

async function deleteRecords({ kafka }: StackInfo): Promise<void> {
  const admin = localKafkaClient(kafka).kafkajs(PATIENCE).admin()
  try {
    await admin.connect()
    for (const topic of SOURCE_TOPICS) {
      const ends = await admin.fetchTopicOffsets(topic)
      const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }))
      await admin.deleteTopicRecords({ topic, partitions })
    }
  } finally {
    await admin.disconnect()
  }
}
