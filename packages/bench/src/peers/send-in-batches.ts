import { Producer, stringSerializers } from '@platformatic/kafka'
import { coalescer } from './coalescer.ts'
import { serve, variable } from './webhook-server.ts'

// The strongest that can be put together in JavaScript: the fastest client, and requests that share a batch.

const producer = new Producer({
  clientId: 'send-in-batches',
  bootstrapBrokers: variable('KAFKA_BROKERS').split(','),
  serializers: stringSerializers,
  autocreateTopics: false,
  acks: -1,
})
const send = coalescer((messages: Parameters<typeof producer.send>[0]['messages']) => producer.send({ messages }), {
  // two are no faster, and cost more CPU
  maxInFlight: 1,
  maxRecords: 500,
})

await serve((orderId, body) => send({ topic: 'points.webhook', key: orderId, value: JSON.stringify(body) }))
