import { setTimeout as delay } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { type ClientSession, MongoClient, MongoServerError } from 'mongodb'
import { effectLog } from '../services/effect-log.ts'

// A consumer as most teams write it: a transaction for each event, which puts it into an inbox with a unique index, and into
// its order where it is newer.

const DUPLICATE_KEY = 11_000

const { KAFKA_BROKERS = '', MONGODB_URI = '', NAME = '', TOPIC = '', PARTITIONS_AT_A_TIME } = process.env
const { EFFECT_MS, EFFECT_LOG } = process.env
const effectMs = Number(EFFECT_MS ?? 0)
const note = effectLog(EFFECT_LOG)

const mongo = new MongoClient(MONGODB_URI, { writeConcern: { w: 'majority', journal: true } })
const inbox = mongo.db(NAME).collection('webhook_events')
const orders = mongo.db(NAME).collection<{ _id: string; version: string; last_webhook_at: Date }>('orders')
// made by six transactions at a time, all but one of them would begin again
await mongo.db(NAME).createCollection('orders')
await inbox.createIndex({ source: 1, order_id: 1, event: 1, occurrence: 1 }, { unique: true })

const kafka = new Kafka({ clientId: NAME, brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.WARN })
const consumer = kafka.consumer({ groupId: NAME })
await consumer.connect()
await consumer.subscribe({ topic: TOPIC, fromBeginning: true })

process.once('SIGTERM', () => void close())

interface CloudEvent {
  readonly source: string
  readonly subject: string
  readonly type: string
  readonly occurrence?: string
  readonly version: string
  readonly time: string
  readonly receivedat: string
  readonly data: object
}

await consumer.run({
  partitionsConsumedConcurrently: Number(PARTITIONS_AT_A_TIME),
  eachMessage: async ({ message }) => {
    if (message.value === null) return
    const event: CloudEvent = JSON.parse(message.value.toString())
    try {
      await mongo.withSession(session => session.withTransaction(() => handle(event, session)))
    } catch (error) {
      const isKnown = error instanceof MongoServerError && error.code === DUPLICATE_KEY
      if (!isKnown) throw error
    }
  },
})
console.log('consuming')

async function handle(event: CloudEvent, session: ClientSession): Promise<void> {
  const { source, subject, type, occurrence = '', version, time, receivedat, data } = event
  const last_webhook_at = new Date(time)
  await inbox.insertOne(
    {
      source,
      order_id: subject,
      event: type,
      occurrence,
      version,
      last_webhook_at,
      received_at: new Date(receivedat),
      data,
      state: 'done',
    },
    { session },
  )
  const _id = `${source}:${subject}`
  const order = await orders.findOne({ _id }, { session })
  if (order !== null && order.version >= version) return
  await effect(subject, version)
  await orders.updateOne({ _id }, { $set: { version, last_webhook_at } }, { upsert: true, session })
}

async function effect(orderId: string, version: string): Promise<void> {
  if (effectMs > 0) await delay(effectMs)
  note(orderId, version)
}

async function close(): Promise<void> {
  await consumer.disconnect()
  await mongo.close()
}
