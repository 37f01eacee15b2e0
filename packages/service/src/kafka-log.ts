import type { KafkaLog } from '@hookline/kafka'
import type { Log } from './log.ts'
import { sampler } from './sampler.ts'

const ONE_LINE_EACH_MS = 10_000

/**
 * The log of what is done with Kafka. kafkajs warns of every attempt of every connection, ten lines a second while a
 * broker is away: of those one of each kind passes, with how many were left out before it (`suppressed`). What an
 * operator must act on is said without kafkajs, and passes always.
 */
export function kafkaLog(log: Log, now: () => number = () => performance.now()): KafkaLog {
  const sample = sampler({ everyMs: ONE_LINE_EACH_MS, now })
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    error: (fields, message) => log.error(fields, message),
    warn(fields, message) {
      if (!('kafkajs' in fields)) return log.warn(fields, message)
      // addresses, times and numbers of retries do not make another kind
      const suppressed = sample(message.replace(/\d+/g, '#'))
      if (suppressed !== undefined) log.warn({ ...fields, suppressed }, message)
    },
  }
}
