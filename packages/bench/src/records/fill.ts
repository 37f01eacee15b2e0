import type { EncodedRecord } from '@hookline/contracts'
import { publisher } from '@hookline/kafka'
import { localKafkaClient } from '@hookline/local'
import type { Stage } from '../stage.ts'

const TIMEOUT_MS = 60_000

/** Resolves when all of them are stored, each order's in their order. */
export type Fill = (topic: string, records: readonly EncodedRecord[]) => Promise<void>

export function openFill({ brokers, onClose }: Stage): Fill {
  const { publish, close } = publisher({
    client: localKafkaClient(brokers),
    maxBatchCount: 2_000,
    maxWaiting: Number.POSITIVE_INFINITY,
    maxWaitingBytes: Number.POSITIVE_INFINITY,
  })
  onClose(close)
  return async (topic, records) => {
    await Promise.all(records.map(record => publish(topic, record, { timeoutMs: TIMEOUT_MS })))
  }
}
