import { clusterReady } from '@hookline/kafka'
import type { Backend } from './backend.ts'
import { brokerSettings } from './broker-settings.ts'
import { localKafkaClient } from './kafka-client.ts'
import { becomesPrimary, mongodUri, REPLICA_SET, SLOW_MS } from './mongod.ts'
import { LOOPBACK } from './ports.ts'
import type { Session } from './session.ts'

const KAFKA_IMAGE = 'apache/kafka:4.4.0'
const MONGODB_IMAGE = 'mongo:8.0'
const READY_LIMIT_MS = 120_000

/** Kafka in a container under the same port inside and outside, so that what it advertises is true for both. */
export async function kafkaContainer(
  ports: { readonly kafka: number; readonly kafkaController: number },
  session: Session,
): Promise<Backend> {
  const { kafka: port, kafkaController: controllerPort } = ports
  const address = `${LOOPBACK}:${port}`
  const settings = brokerSettings({ listenOn: '0.0.0.0', dataDir: '/tmp/kafka', port, controllerPort })
  const environment = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`KAFKA_${key.toUpperCase().replaceAll('.', '_')}`, `${value}`]),
  )
  session.progress(`Kafka: starting a container of ${KAFKA_IMAGE} at ${address}`)
  const { GenericContainer } = await import('testcontainers')
  const container = await new GenericContainer(KAFKA_IMAGE)
    .withEnvironment(environment)
    .withExposedPorts({ container: port, host: port })
    .start()
  return kept(address, container, async () => {
    await clusterReady(localKafkaClient(address), { limitMs: READY_LIMIT_MS, signal: session.signal })
  })
}

/** A one-member replica set in a container, under the same port inside and outside for the same reason. */
export async function mongodbContainer(port: number, session: Session): Promise<Backend> {
  session.progress(`MongoDB: starting a container of ${MONGODB_IMAGE} at ${LOOPBACK}:${port}`)
  const { GenericContainer } = await import('testcontainers')
  const container = await new GenericContainer(MONGODB_IMAGE)
    .withCommand(['mongod', '--replSet', REPLICA_SET, '--port', `${port}`, '--bind_ip_all', '--slowms', `${SLOW_MS}`])
    .withExposedPorts({ container: port, host: port })
    .start()
  return kept(mongodUri(port), container, () => becomesPrimary(port, session.signal))
}

async function kept(
  address: string,
  container: { stop(): Promise<unknown> },
  ready: () => Promise<void>,
): Promise<Backend> {
  const stop = async () => {
    await container.stop()
  }
  try {
    await ready()
  } catch (error) {
    await stop()
    throw error
  }
  return { address, process: undefined, ours: true, stop }
}
