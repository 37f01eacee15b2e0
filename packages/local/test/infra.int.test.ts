import { clusterReady, kafkaClient } from '@hookline/kafka'
import { MongoClient } from 'mongodb'
import { expect, inject, test } from 'vitest'
// the types of what every integration test injects
import '../src/vitest-setup.ts'

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

test('the broker of the tests describes itself', async () => {
  const client = kafkaClient({ brokers: [inject('kafkaBrokers')], clientId: 'test', log: SILENT })
  expect(await clusterReady(client, { limitMs: 30_000 })).toBe(1)
})

test('the MongoDB of the tests commits a transaction', async () => {
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
