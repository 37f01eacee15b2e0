import type { KafkaClient } from '../src/index.ts'
import { testClient } from './cluster.ts'

/** The real client, with a gate before each produce request, and a count of them. */
export interface GatedClient {
  readonly client: KafkaClient
  /** Records of each request so far, in order. */
  readonly requests: readonly number[]
  shut(): void
  open(): void
}

const COUNT_AT = 57

function recordsOf(message: object): number {
  return 'recordBatch' in message && Buffer.isBuffer(message.recordBatch)
    ? message.recordBatch.readInt32BE(COUNT_AT)
    : 0
}

export function gatedClient(): GatedClient {
  const client = testClient()
  const requests: number[] = []
  let gate = Promise.resolve()
  let release = () => {}
  return {
    requests,
    shut() {
      const shut = Promise.withResolvers<void>()
      gate = shut.promise
      release = shut.resolve
    },
    open: () => release(),
    client: {
      ...client,
      kafkajs(patience) {
        const kafka = client.kafkajs(patience)
        const producerOf = kafka.producer.bind(kafka)
        kafka.producer = options => {
          const producer = producerOf(options)
          const sendBatch = producer.sendBatch.bind(producer)
          producer.sendBatch = async batch => {
            const messages = batch.topicMessages?.flatMap(topic => topic.messages) ?? []
            // what carries no batch only asks for the metadata
            const count = messages.reduce((sum, message) => sum + recordsOf(message), 0)
            if (count > 0) {
              requests.push(count)
              await gate
            }
            return await sendBatch(batch)
          }
          return producer
        }
        return kafka
      },
    },
  }
}
