import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lag } from '@hookline/kafka'
import { localKafkaClient } from '@hookline/local'
import { type MeasuredProcess, startProcess } from '../measured-process.ts'
import type { Stage } from '../stage.ts'
import { stockKafkajs } from './stock-kafkajs.ts'

const NAME = 'stock-kafkajs'

export interface StockConsumer {
  readonly process: MeasuredProcess
  /** Whether it has taken all that is there. */
  readonly isThrough: () => Promise<boolean>
}

/** Handles nothing, with kafkajs as a team installs it. */
export async function startStockConsumer(stage: Stage, topics: readonly string[]): Promise<StockConsumer> {
  const measured = await startProcess(stage, {
    name: NAME,
    script: join(import.meta.dirname, '../peers/each-message-only.ts'),
    ours: false,
    env: {
      NODE_ENV: 'production',
      KAFKA_BROKERS: stage.brokers,
      KAFKAJS: await stockKafkajs(stage.dir),
      NAME,
      TOPICS: topics.join(','),
    },
    ready: async logFile => ((await readFile(logFile, 'utf8')).includes('consuming') ? true : undefined),
  })
  const client = localKafkaClient(stage.brokers)
  return {
    process: measured,
    isThrough: async () => (await lag(client, NAME, topics)).every(partition => partition.lag === 0),
  }
}
