import type { Message, PartitionerArgs } from 'kafkajs'
import type { KafkaClient } from './client.ts'
import { kindsOf } from './error-facts.ts'
import { partitionOf } from './murmur2.ts'
import { encodeRecordBatch } from './record-batch.ts'
import type { RecordParts } from './record-batch.ts'

/** A record on its way. Its partition is decided once, so that sending it again cannot store it in a second one. */
export interface Outgoing extends RecordParts {
  partition?: number
}

/** All of a partition's records in one message: kafkajs, patched, writes the batch as it is. */
interface EncodedMessage extends Message {
  readonly recordBatch: Buffer
}

export interface Stored {
  readonly partition: number
  /** Decimal string of int64. */
  readonly offset: string
}

/** One connection to the brokers for one topic. */
export interface Sender {
  /** One request to each broker that leads a partition. Resolves in the order of `records`; rejects when any part failed. */
  sendBatch(records: readonly Outgoing[]): Promise<readonly Stored[]>
  /** Decides the partition as `sendBatch` would. */
  partition(record: Outgoing): number
  /** How many partitions the topic has, as far as it is known here: records go to any of them. */
  partitions(): number
  close(): Promise<void>
}

export interface SenderOptions {
  readonly client: KafkaClient
  readonly topic: string
  readonly requestTimeoutMs: number
  readonly metadataMaxAgeMs: number
}

const LOOK_AT_LEAST_MS = 500
/** kafkajs shows its metadata to the partitioner only, and drops what is for a partition that is not there. */
const QUESTION: Message = { value: null, partition: -1 }

/** Resolves when a broker has answered and knows the topic. */
export async function openSender(options: SenderOptions): Promise<Sender> {
  const { client, topic, requestTimeoutMs, metadataMaxAgeMs } = options
  const connectionTimeoutMs = Math.min(requestTimeoutMs, 2_000)
  let partitions = 0
  let roundRobin = Math.floor(Math.random() * 1_000)

  const decide = (record: Outgoing): number => {
    record.partition ??= record.key === null ? roundRobin++ % partitions : partitionOf(record.key, partitions)
    return record.partition
  }
  const partitioner =
    () =>
    ({ message, partitionMetadata }: PartitionerArgs) => {
      partitions = partitionMetadata.length
      return message.partition ?? -1
    }

  const producer = client
    // no retries in here: the publisher sends again, and knows the callers' deadlines
    .kafkajs({ connectionTimeoutMs, requestTimeoutMs, retries: 0, firstRetryMs: 100, maxRetryMs: 100 })
    .producer({
      allowAutoTopicCreation: false,
      createPartitioner: partitioner,
      metadataMaxAge: metadataMaxAgeMs,
    })

  /** Asks for the topic's metadata where it is old, and fails where the topic is absent; nothing is sent. */
  async function look(): Promise<void> {
    await producer.sendBatch({ topicMessages: [{ topic, messages: [QUESTION] }] })
  }

  try {
    await producer.connect()
    await look()
  } catch (error) {
    await producer.disconnect()
    throw error
  }

  // kafkajs looks only when it sends: where nothing comes for an hour, added partitions would be unknown for an hour
  const looking = setInterval(
    () => {
      look().catch(() => undefined) // what is wrong meets the next record too, and is told there
    },
    Math.max(LOOK_AT_LEAST_MS, metadataMaxAgeMs / 2),
  )
  looking.unref()

  return {
    async sendBatch(records) {
      const messages: EncodedMessage[] = []
      const now = Date.now()
      for (const [partition, own] of Map.groupBy(records, decide)) {
        messages.push({ value: null, partition, recordBatch: encodeRecordBatch(own, now) })
      }
      const answer = await producer.sendBatch({
        acks: -1,
        // how long the brokers wait for the replicas; below the time-out, so that their answer still arrives
        timeout: Math.ceil(requestTimeoutMs * 0.8),
        topicMessages: [{ topic, messages }],
      })
      const next = new Map(answer.map(part => [part.partition, Number(part.baseOffset)]))
      return records.map(({ partition = -1 }) => {
        const offset = next.get(partition)
        // kafkajs drops what is for a partition that its metadata does not have, and says that all went well
        if (offset === undefined) throw new Error(`kafkajs sent nothing to partition ${partition} of ${topic}`)
        next.set(partition, offset + 1)
        return { partition, offset: String(offset) }
      })
    },
    partition: decide,
    partitions: () => partitions,
    close() {
      clearInterval(looking)
      return producer.disconnect()
    },
  }
}

/** The broker says that a record, or the batch that it was in, is above its limit. */
export function saysTooLarge(error: unknown): boolean {
  const kinds = kindsOf(error)
  return kinds.has('MESSAGE_TOO_LARGE') || kinds.has('RECORD_LIST_TOO_LARGE')
}
