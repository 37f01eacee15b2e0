import { type Consumer, consume, defaultSettings, type Settings } from '@hookline/consumer'
import { catalogues } from '@hookline/contracts'
import { connectInbox } from '@hookline/inbox'
import { checkTopics, deadLetters, kafkaClient, publisher, recordSource } from '@hookline/kafka'
import { Type } from 'typebox'
import type { TObject } from 'typebox'
import type { Config } from './config.ts'
import { type ConsumerConfig, consumerConfig, consumerProblems } from './consumer-config.ts'
import { consumerObserver } from './consumer-observer.ts'
import { runService } from './lifecycle.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { brokersOf } from './shared-config.ts'

/** A consumer service: its definition, made from its own variables. */
export interface ConsumerService<S extends TObject> {
  readonly name: string
  /** The service's own variables; those of every consumer come by themselves. */
  readonly config: S
  define(parts: { config: Config<S> & ConsumerConfig; log: Log; metrics: Metrics }): {
    consumer: Consumer
    /** Closes the clients of its targets. */
    close?: () => Promise<void> | void
  }
}

/** Runs a consumer service until a signal ends it: opened in this order, closed in reverse. */
export async function runConsumer<S extends TObject>(service: ConsumerService<S>): Promise<void> {
  const { name } = service
  const variables: TObject = Type.Object({ ...consumerConfig.properties, ...service.config.properties })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- read by the schema that is merged of just these two
  const typed = (config: Config<TObject>) => config as Config<S> & ConsumerConfig
  await runService({
    name,
    config: variables,
    problems: config => consumerProblems(typed(config)),
    start: async ({ log, metrics, ready, onClose, fail, ...context }) => {
      const config = typed(context.config)
      const { consumer, close } = service.define({ config, log, metrics })
      if (close) onClose('targets', close)

      const store = await connectInbox({
        uri: config.MONGODB_URI,
        database: name,
        appName: name,
        inboxTtlMs: config.INBOX_TTL_MS,
        log,
      })
      onClose('mongodb', store.close)

      const client = kafkaClient({ brokers: brokersOf(config), clientId: name, log })
      const topics = Object.values(catalogues).map(({ topic }) => topic)
      const policy = {
        minReplicationFactor: config.KAFKA_REPLICATION_MIN,
        minInsyncReplicas: Math.max(1, config.KAFKA_REPLICATION_MIN - 1),
      }
      await checkTopics(client, [...topics, `${name}.dead`], policy)
      const letters = publisher({ client })
      onClose('dead letters', () => letters.close())

      const source = recordSource({
        client,
        groupId: name,
        topics,
        sessionTimeoutMs: config.KAFKA_SESSION_TIMEOUT_MS,
        log,
      })
      const consuming = consume({
        ...store,
        consumer,
        source,
        deadLetters: deadLetters({ publisher: letters, topic: `${name}.dead` }),
        observer: consumerObserver(consumer, { metrics, log }),
        log,
        settings: settingsOf(config),
      })
      onClose('consumer', () => consuming.close())
      metrics.gauge({ name: 'hookline_lanes_in_flight', help: 'Orders worked on now.', read: consuming.lanesInFlight })
      // A source that ended for good is not ended quietly: the process goes, and its replacement takes over.
      consuming.finished.catch(fail)
      await source.ready()
      ready('consumer group', () => source.joined() || 'not joined')
    },
  })
}

function settingsOf(config: ConsumerConfig): Settings {
  return {
    ...defaultSettings,
    leaseMs: config.LEASE_MS,
    backOff: { minMs: config.BACKOFF_MIN_MS, maxMs: config.BACKOFF_MAX_MS },
    deadAfterMs: config.DEAD_AFTER_MS,
    parkMaxMs: config.PARK_MAX_MS,
    inboxTtlMs: config.INBOX_TTL_MS,
  }
}
