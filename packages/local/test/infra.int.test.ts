import { Kafka, logLevel } from 'kafkajs'
import { MongoClient } from 'mongodb'
import { expect, inject, test } from 'vitest'

test('the embedded broker describes itself', async () => {
  const admin = new Kafka({ brokers: [inject('kafkaBrokers')], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const cluster = await admin.describeCluster()
  await admin.disconnect()
  expect(cluster.brokers.map(({ host, port }) => `${host}:${port}`)).toEqual([inject('kafkaBrokers')])
})

test('the embedded MongoDB commits a transaction', async () => {
  await using client = await MongoClient.connect(inject('mongodbUri'))
  const db = client.db('local_infra_test')
  await client.withSession(session =>
    session.withTransaction(async () => {
      await db.collection('things').insertOne({ n: 1 }, { session })
      await db.collection('others').insertOne({ n: 2 }, { session })
    }),
  )
  expect(await db.collection('others').countDocuments()).toBe(1)
  await db.dropDatabase()
})
