import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { serve, variable } from './webhook-server.ts'

// What most teams write: kafkajs, and one `send` for each request.

const kafka = new Kafka({ brokers: variable('KAFKA_BROKERS').split(','), logLevel: logLevel.ERROR })
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false })
await producer.connect()

await serve((orderId, body) =>
  producer.send({ topic: 'points.webhook', acks: -1, messages: [{ key: orderId, value: JSON.stringify(body) }] }),
)
