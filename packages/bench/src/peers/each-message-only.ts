import { createRequire } from 'node:module'
import type kafkajs from 'kafkajs'

// A consumer with kafkajs as it is, its defaults and a handler that does nothing.

const { KAFKA_BROKERS = '', KAFKAJS = '', NAME = '', TOPICS = '' } = process.env

const { Kafka, logLevel }: typeof kafkajs = createRequire(import.meta.url)(KAFKAJS)
const consumer = new Kafka({ clientId: NAME, brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.ERROR }).consumer({
  groupId: NAME,
})
consumer.on(consumer.events.GROUP_JOIN, () => console.log('consuming'))
process.once('SIGTERM', () => void consumer.disconnect())

await consumer.connect()
await consumer.subscribe({ topics: TOPICS.split(','), fromBeginning: true })
await consumer.run({ eachMessage: async () => {} })
