import { randomUUID } from 'node:crypto'
import { openDatabase } from '@hookline/inbox'
import { kafkaClient } from '@hookline/kafka'
import kafkajs from 'kafkajs'
import { inject, onTestFinished } from 'vitest'
import type { Config } from '../src/config.ts'

/** The shared Kafka and MongoDB, with services whose names, and so databases, are the test file's own. */
export function ownInstallation(services: readonly string[] = ['erp', 'mail']) {
  const own = services.map(name => `cli-${name}-${randomUUID().slice(0, 8)}`)
  const config: Config = {
    stackFile: undefined,
    brokers: [inject('kafkaBrokers')],
    security: () => ({}),
    replicationMin: 1,
    ingressAdmins: [],
    webhooks: { path: undefined, values: {} },
    mongodbUri: inject('mongodbUri'),
    services: own,
    passedOver: undefined,
    cwd: process.cwd(),
  }
  const env = {
    KAFKA_BROKERS: inject('kafkaBrokers'),
    MONGODB_URI: inject('mongodbUri'),
    HOOKLINE_SERVICES: own.join(','),
  }
  return { config, env, services: own, dropDatabases: () => Promise.all(own.map(dropDatabase)) }
}

async function dropDatabase(database: string): Promise<void> {
  const uri = inject('mongodbUri')
  const { db, close } = openDatabase({ uri, database, appName: 'hookline tests' })
  await db.dropDatabase()
  await close()
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

export function testKafka() {
  return kafkaClient({ brokers: [inject('kafkaBrokers')], clientId: 'hookline-test', log: SILENT })
}

/** Names that nobody else has; the topics are removed when the test ends. */
export function topicNames(count: number): readonly string[] {
  const names = Array.from({ length: count }, () => `cli-test.${randomUUID()}`)
  onTestFinished(() => removeTopics(names))
  return names
}

/** Those that are there. */
export async function removeTopics(names: readonly string[]): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers: [inject('kafkaBrokers')], logLevel: kafkajs.logLevel.NOTHING }).admin()
  await admin.connect()
  const there = new Set(await admin.listTopics())
  await admin.deleteTopics({ topics: names.filter(name => there.has(name)) })
  await admin.disconnect()
}
