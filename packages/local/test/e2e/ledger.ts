import { join } from 'node:path'
import { readEvent, catalogues, encodeRecord } from '@hookline/contracts'
import { migrate } from '@hookline/inbox'
import { applyTopics, publisher } from '@hookline/kafka'
import { MongoClient } from 'mongodb'
import { startInfra } from '../../src/infra.ts'
import { localKafkaClient } from '../../src/kafka-client.ts'
import { freePort, LOOPBACK } from '../../src/ports.ts'
import { REPOSITORY } from '../../src/repository.ts'
import type { Instance } from '../../src/stack-file.ts'
import { type ProcessSpec, supervise, type Supervised } from '../../src/supervised.ts'
import { makeTopics } from '../../src/topics.ts'
import { waitFor } from '../../src/wait-for.ts'
import { testDir, testSession } from '../session.ts'

const PROGRAM = join(REPOSITORY, 'packages/local/test/fixtures/ledger-service.ts')
const READY_LIMIT_MS = 90_000
const EVENTS = ['authorized', 'approved', 'captured', 'completed'] as const

export type Ledger = Awaited<ReturnType<typeof startLedger>>

/** Kafka, MongoDB and `instances` processes of a service that keeps rows in its database; ended with the test. */
export async function startLedger(instances: number, env: Readonly<Record<string, string>>) {
  const session = testSession()
  const dir = await testDir(session)
  const ports = { kafka: await freePort(), kafkaController: await freePort(), mongodb: await freePort() }
  const infra = await startInfra({ dir, ports, restart: true }, session)
  const { address: brokers, ours } = infra.kafka
  await makeTopics(brokers, { ours, consumers: [] })
  const kafka = localKafkaClient(brokers)
  const dead = { name: 'ledger.dead', partitions: 1, replicationFactor: 1, config: {} }
  await applyTopics(kafka, [dead])
  await migrate(infra.mongodb.address, 'ledger')
  const mongo = await MongoClient.connect(infra.mongodb.address)
  const processes = await Promise.all(Array.from({ length: instances }, start))
  const sender = publisher({ client: kafka })
  let orders = 0

  async function start(_: unknown, n: number): Promise<{ port: number; supervised: Supervised }> {
    const port = await freePort()
    const own = {
      HOOKLINE_ENV: 'development',
      ADMIN_PORT: `${port}`,
      KAFKA_REPLICATION_MIN: '1',
      KAFKA_BROKERS: brokers,
      MONGODB_URI: infra.mongodb.address,
    }
    const spec: ProcessSpec = {
      name: `ledger-${n}`,
      command: process.execPath,
      args: ['--conditions=source', PROGRAM],
      env: { ...session.environment.inherited, ...own, ...env },
      logFile: join(dir, 'logs', `ledger-${n}.log`),
      verbose: false,
      graceMs: 12_000,
      ready: signal => isReady(port, signal),
    }
    return { port, supervised: await supervise(spec, session, { restart: true }) }
  }

  return {
    db: mongo.db('ledger'),
    instance(n: number): Instance {
      const { port, supervised } = processes[n] ?? missing(n)
      return { pid: supervised.pid, admin: `http://${LOOPBACK}:${port}` }
    },
    /** All events of one more order come, in their order, the second of them twice. Returns how many events there are by now. */
    async sendOrder(): Promise<number> {
      orders += 1
      const id = `order-${orders}`
      for (const [second, event] of EVENTS.entries()) {
        const record = recordOf(id, event, second)
        await sender.publish('points.webhook', record, { timeoutMs: 10_000 })
        if (second === 1) await sender.publish('points.webhook', record, { timeoutMs: 10_000 })
      }
      return orders * EVENTS.length
    },
    async close() {
      await sender.close()
      await Promise.all(processes.map(({ supervised }) => supervised.stop()))
      await mongo.close()
      await infra.close()
    },
  }
}

function recordOf(id: string, event: string, second: number) {
  const timestamp = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60_000 + second * 1_000)
  const body = { event, timestamp: timestamp.toISOString(), order: { id, order_status: event } }
  const now = Date.now()
  const request = { body: Buffer.from(JSON.stringify(body)), headers: {}, receivedAt: now, now }
  const read = readEvent(catalogues.points, request)
  if (read.kind !== 'event') throw new Error(JSON.stringify(read))
  return encodeRecord(read.event)
}

async function isReady(port: number, signal: AbortSignal): Promise<void> {
  const ask = async () => {
    const answer = await fetch(`http://${LOOPBACK}:${port}/readyz`, { signal: AbortSignal.timeout(2_000) })
    await answer.body?.cancel()
    return answer.ok ? true : undefined
  }
  await waitFor(`a process of the ledger at ${port}`, ask, { limitMs: READY_LIMIT_MS, signal })
}

function missing(n: number): never {
  throw new Error(`there is no process ${n}`)
}
