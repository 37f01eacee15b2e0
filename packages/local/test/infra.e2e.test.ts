import { applyTopics, describeTopics, kafkaClient } from '@hookline/kafka'
import { MongoClient } from 'mongodb'
import { expect, test } from 'vitest'
import { type Infra, type InfraOptions, startInfra } from '../src/infra.ts'
import { freePort } from '../src/ports.ts'
import { waitFor } from '../src/wait-for.ts'
import { testDir, testSession } from './session.ts'

const EMBEDDED = { kafkaBrokers: undefined, mongodbUri: undefined, infra: 'embedded' } as const
const TOPIC = { name: 'kept', partitions: 3, replicationFactor: 1, config: {} }
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

async function options(dir: string): Promise<InfraOptions> {
  const ports = { kafka: await freePort(), kafkaController: await freePort(), mongodb: await freePort() }
  return { dir, ports, restart: true }
}

function kafkaOf({ kafka }: Infra) {
  return kafkaClient({ brokers: [kafka.address], clientId: 'test', log: SILENT })
}

async function write(infra: Infra): Promise<void> {
  await applyTopics(kafkaOf(infra), [TOPIC])
  await using client = await MongoClient.connect(infra.mongodb.address)
  await client.db('test').collection('kept').insertOne({ n: 1 })
}

async function whatIsThere(infra: Infra): Promise<{ partitions: number | undefined; documents: number }> {
  const topics = await describeTopics(kafkaOf(infra), [TOPIC.name])
  await using client = await MongoClient.connect(infra.mongodb.address)
  const documents = await client.db('test').collection('kept').countDocuments()
  return { partitions: topics.get(TOPIC.name)?.partitions, documents }
}

test('after a SIGKILL the broker and mongod come back on their ports, and later on others, with all their data', async () => {
  const session = testSession(EMBEDDED)
  const dir = await testDir(session)
  let restarts = 0
  const first = await options(dir)
  const infra = await startInfra({ ...first, onRestarted: async () => void (restarts += 1) }, session)
  await write(infra)
  infra.kafka.process?.kill('SIGKILL')
  infra.mongodb.process?.kill('SIGKILL')
  await waitFor('both restarts', async () => (restarts === 2 ? true : undefined), { limitMs: 120_000 })
  expect(await whatIsThere(infra)).toEqual({ partitions: 3, documents: 1 })
  await infra.close()

  const moved = await startInfra(await options(dir), session)
  expect(moved.kafka.address).not.toBe(infra.kafka.address)
  expect(await whatIsThere(moved)).toEqual({ partitions: 3, documents: 1 })
  await moved.close()
})

test('what the environment names is used and left alone', async () => {
  const session = testSession({ ...EMBEDDED, kafkaBrokers: 'kafka.example:9092', mongodbUri: 'mongodb://db.example/' })
  const infra = await startInfra(await options(await testDir(session)), session)
  expect(infra.kafka).toMatchObject({ address: 'kafka.example:9092', process: undefined, ours: false })
  expect(infra.mongodb).toMatchObject({ address: 'mongodb://db.example/', process: undefined, ours: false })
  await infra.close()
})
