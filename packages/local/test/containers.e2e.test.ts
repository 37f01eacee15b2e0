import { clusterReady, kafkaClient } from '@hookline/kafka'
import { MongoClient } from 'mongodb'
import { expect, test } from 'vitest'
import { startInfra } from '../src/infra.ts'
import { freePort } from '../src/ports.ts'
import { testDir, testSession } from './session.ts'

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

// needs a container engine that can pull the two images: asked for by HOOKLINE_TEST_CONTAINERS=1
test.runIf(process.env.HOOKLINE_TEST_CONTAINERS)(
  'Kafka and MongoDB run in containers when they are asked to',
  async () => {
    const session = testSession({ infra: 'containers', kafkaBrokers: undefined, mongodbUri: undefined })
    const ports = { kafka: await freePort(), kafkaController: await freePort(), mongodb: await freePort() }
    const infra = await startInfra({ dir: await testDir(session), ports, restart: false }, session)
    try {
      const client = kafkaClient({ brokers: [infra.kafka.address], clientId: 'test', log: SILENT })
      expect(await clusterReady(client, { limitMs: 60_000 })).toBe(1)
      await using mongodb = await MongoClient.connect(infra.mongodb.address)
      expect((await mongodb.db('admin').command({ hello: 1 })).setName).toBe('rs0')
    } finally {
      await infra.close()
    }
  },
)
