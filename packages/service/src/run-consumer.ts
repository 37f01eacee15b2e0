import { type Consumer, consume, defaultSettings, type Settings } from '@hookline/consumer'
import { catalogues } from '@hookline/contracts'
import { connectInbox, IndexesWrong } from '@hookline/inbox'
import { deadLetters, publisher, recordSource } from '@hookline/kafka'
import { Type } from 'typebox'
import type { TObject } from 'typebox'
import type { Config } from './config.ts'
import { type ConsumerConfig, consumerConfig, consumerProblems } from './consumer-config.ts'
import { consumerObserver } from './consumer-observer.ts'
import { requireTopics, serviceKafka } from './kafka.ts'
import { runService } from './lifecycle.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { SharedConfig } from './shared-config.ts'
import { StartRefused } from './start-refused.ts'

/** Records that were fetched and not accepted for so long: MongoDB is away, or a handler hangs in all lanes. */
const STUCK_MS = 60_000

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

      const { db: _, close: closeStore, ...store } = await openStore({ name, effects: consumer.effects }, config, log)
      onClose('mongodb', closeStore)

      const client = serviceKafka(name, config, log)
      const topics = Object.values(catalogues).map(({ topic }) => topic)
      const deadTopic = `${name}.dead`
      await requireTopics(client, [...topics, deadTopic], config)
      const letters = publisher({ client })
      onClose('dead letters', letters.close)

      const sessionTimeoutMs = config.KAFKA_SESSION_TIMEOUT_MS
      const rebalances = metrics.counter({ name: 'hookline_rebalances_total', help: 'Joins of the group.', labels: {} })
      const onRebalance = () => rebalances({})
      const source = recordSource({ client, groupId: name, topics, sessionTimeoutMs, onRebalance })
      const consuming = consume({
        ...store,
        consumer,
        source,
        deadLetters: deadLetters({ publisher: letters, topic: deadTopic }),
        observer: consumerObserver(consumer, { metrics, log }),
        log,
        settings: settingsOf(config),
      })
      onClose('consumer', consuming.close)
      // A source that ended for good is not ended quietly: the process goes, and its replacement takes over.
      consuming.finished.catch(fail)

      const { progress } = source
      metrics.gauge({ name: 'hookline_lanes_in_flight', help: 'Orders worked on now.', read: consuming.lanesInFlight })
      metrics.gauge({
        name: 'hookline_oldest_lane_seconds',
        help: 'How long the oldest claim has been worked on; 0 where there is none.',
        read: () => consuming.oldestLaneMs() / 1_000,
      })
      metrics.gauge({ name: 'hookline_records_behind', help: 'As of the last fetches.', read: () => progress().behind })
      ready('consumer group', () => progress().joined || 'not joined')
      // heartbeats go on while nothing moves: what waits tells
      const moves = () => progress().waitingMs <= STUCK_MS || 'fetched records wait to be accepted'
      ready('records', () => progress().blocked ?? moves())
      await Promise.race([source.ready, consuming.finished])
    },
  })
}

async function openStore({ name, effects }: Pick<Consumer, 'name' | 'effects'>, config: ConsumerConfig, log: Log) {
  try {
    const { MONGODB_URI: uri, INBOX_TTL_MS: inboxTtlMs } = config
    // what a dead process has left open keeps its orders from everybody
    const idle = effects.some(effect => effect.transactional) && { idleTransactionMs: config.LEASE_MS / 6 }
    return await connectInbox({ uri, database: name, appName: name, inboxTtlMs, log, ...idle })
  } catch (error) {
    if (error instanceof IndexesWrong) throw new StartRefused([error.message])
    throw error
  }
}

function settingsOf(config: ConsumerConfig & Pick<SharedConfig, 'CLOSE_GRACE_MS'>): Settings {
  return {
    ...defaultSettings,
    leaseMs: config.LEASE_MS,
    backOff: { minMs: config.BACKOFF_MIN_MS, maxMs: config.BACKOFF_MAX_MS },
    outageBackOffMaxMs: config.OUTAGE_BACKOFF_MAX_MS,
    deadAfterMs: config.DEAD_AFTER_MS,
    parkMaxMs: config.PARK_MAX_MS,
    inboxTtlMs: config.INBOX_TTL_MS,
    // the rest of the time is for Kafka and MongoDB
    shutdownMs: Math.floor(config.CLOSE_GRACE_MS * 0.6),
  }
}
