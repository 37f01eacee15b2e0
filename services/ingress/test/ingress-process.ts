import { applyTopics } from '@hookline/kafka'
import { inject } from 'vitest'
import { testClient } from '../../../packages/kafka/test/cluster.ts'
import { startService } from '../../../packages/service/test/service-process.ts'
import { HC_SECRET, POINTS_SECRET } from './requests.ts'

const TOPICS = ['points.webhook', 'hc.webhook', 'webhook.rejected']

/** The topics that every ingress uses, as they must be, but for `config`. */
export function topicsOf(config: Record<string, string> = {}, { replicationFactor = 1 } = {}) {
  const safe = { 'message.timestamp.type': 'LogAppendTime', 'max.message.bytes': '2097152', ...config }
  return TOPICS.map(name => ({ name, partitions: 3, replicationFactor, config: safe }))
}

/** On the Kafka that the tests share: only one test file at a time may start ingresses there. */
export function makeTopics(config?: Record<string, string>) {
  return applyTopics(testClient(), topicsOf(config))
}

export function startIngress(over: Record<string, string> = {}) {
  return startService(new URL('../src/main.ts', import.meta.url), {
    KAFKA_BROKERS: inject('kafkaBrokers'),
    KAFKA_REPLICATION_MIN: '1',
    HOST: '127.0.0.1',
    PORT: '0',
    POINTS_WEBHOOK_SECRET: POINTS_SECRET,
    HC_WEBHOOK_SECRET: HC_SECRET,
    LOG_LEVEL: 'debug',
    ...over,
  })
}

export async function portOf(ingress: ReturnType<typeof startIngress>): Promise<number> {
  await ingress.line('ready')
  const { address } = await ingress.line('listening')
  return Number(new URL(String(address)).port)
}

export function nowText(): string {
  return new Date().toISOString()
}
