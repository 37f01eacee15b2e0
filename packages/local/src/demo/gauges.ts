import { setTimeout as delay } from 'node:timers/promises'
import { lag } from '@hookline/kafka'
import { MongoClient } from 'mongodb'
import { localKafkaClient } from '../kafka-client.ts'
import { CONSUMERS, type ConsumerName } from './judged.ts'
import type { StackInfo } from '../stack-file.ts'

export const SOURCE_TOPICS = ['points.webhook', 'hc.webhook'] as const

interface Gauge {
  /** undefined: not known at the moment. */
  readonly lag: number | undefined
  readonly open: number | undefined
}

/** How far the services are, as Kafka and MongoDB know it: for the person who watches, no part of the verdict. */
export interface Gauges {
  of(service: ConsumerName): Gauge
  /** Asks now. */
  read(): Promise<void>
  close(): Promise<void>
}

const EVERY_MS = 2_000

/** Asks every two seconds until it is closed. */
export function watchGauges({ kafka, mongodb }: StackInfo): Gauges {
  const client = localKafkaClient(kafka)
  const mongo = new MongoClient(mongodb, { serverSelectionTimeoutMS: 3_000 })
  const closing = new AbortController()
  const gauges = new Map<ConsumerName, Gauge>()

  async function lagOf(service: ConsumerName): Promise<number> {
    const partitions = await lag(client, service, SOURCE_TOPICS)
    return partitions.reduce((total, one) => total + one.lag, 0)
  }

  function openOf(service: ConsumerName): Promise<number> {
    return mongo.db(service).collection('webhook_events').countDocuments({ state: 'open' })
  }

  async function read(): Promise<void> {
    for (const service of CONSUMERS) {
      const [behind, open] = await Promise.allSettled([lagOf(service), openOf(service)])
      gauges.set(service, { lag: valueOf(behind), open: valueOf(open) })
    }
  }

  async function watch(): Promise<void> {
    while (!closing.signal.aborted) {
      await read()
      await delay(EVERY_MS, undefined, { signal: closing.signal }).catch(() => {}) // closed
    }
  }

  const watching = watch()
  return {
    of: service => gauges.get(service) ?? { lag: undefined, open: undefined },
    read,
    async close() {
      closing.abort()
      await watching
      await mongo.close()
    },
  }
}

function valueOf<T>(settled: PromiseSettledResult<T>): T | undefined {
  return settled.status === 'fulfilled' ? settled.value : undefined
}
