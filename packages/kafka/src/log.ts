import { logLevel as kafkajsLevels } from 'kafkajs'
import type { logCreator as LogCreator } from 'kafkajs'
import { kafkaErrorText } from './error-facts.ts'

/** What this package needs of a logger; a pino logger fits. Fields never hold keys, values or headers of records. */
export interface KafkaLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Only these fields of a kafkajs log entry are passed on: its other fields can hold anything, messages included. */
const PASSED_FIELDS = [
  'broker',
  'clientId',
  'groupId',
  'memberId',
  'leaderId',
  'isLeader',
  'memberAssignment',
  'duration',
  'topic',
  'partition',
  'offset',
  'retryCount',
  'retryTime',
] as const

/** kafkajs's own lines as debug and warn lines of `log`: what an operator must act on, this package says itself. */
export function kafkajsLogCreator(log: KafkaLog): LogCreator {
  return () =>
    ({ namespace, level, log: entry }) => {
      const fields: Record<string, unknown> = { kafkajs: namespace }
      for (const name of PASSED_FIELDS) if (entry[name] !== undefined) fields[name] = entry[name]
      // kafkajs hands some of its errors over in the place of a message, with their stacks
      const message: unknown = entry.message
      const text = kafkaErrorText(message) ?? String(message)
      if (level <= kafkajsLevels.WARN) log.warn(fields, text)
      else log.debug(fields, text)
    }
}
