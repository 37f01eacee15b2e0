import { consume, defaultSettings, undescribed, variableName } from '@hookline/consumer/loop'
import type { Clients, Consumer, ConsumerService, Targets } from '@hookline/consumer'
import type { Settings } from '@hookline/consumer/loop'
import { catalogues } from '@hookline/contracts'
import { connectInbox, IndexesWrong } from '@hookline/inbox'
import { deadLetters, publisher, recordSource } from '@hookline/kafka'
import { Type } from 'typebox'
import type { TObject } from 'typebox'
import { breakerWatch } from './breaker-watch.ts'
import { type ConsumerConfig, consumerConfig, consumerProblems } from './consumer-config.ts'
import { consumerObserver } from './consumer-observer.ts'
import { requireTopics, serviceKafka } from './kafka.ts'
import { runService, type ServiceContext } from './lifecycle.ts'
import type { Log } from './log.ts'
import type { SharedConfig } from './shared-config.ts'
import { serviceVariables } from './service-variables.ts'
import { StartRefused } from './start-refused.ts'

/** Records that were fetched and not accepted for so long: MongoDB is away, or a handler hangs in all lanes. */
const STUCK_MS = 60_000

/**
 * Runs a consumer as a service of its own until a signal ends it: reads the environment, opens the clients of its targets and
 * the rest in this order, and closes in reverse. Variables: those of every consumer, its targets' and its own.
 */
export async function runConsumer(declared: Consumer | ConsumerService): Promise<void> {
  const { name } = declared
  const service = 'with' in declared ? declared : withoutTargets(declared)
  await runService({
    name,
    config: Type.Object({ ...consumerConfig.properties, ...serviceVariables(service) }),
    problems: consumerProblems,
    start: async ({ config, log, metrics, ready, onClose, fail }) => {
      const clients = openTargets(service, config, { log, metrics, onClose })
      const consumer = service.with(clients, ownValues(service, config))
      for (const unknown of undescribed(consumer)) log.warn(unknown, 'no catalogue describes what this effect is for')

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

function withoutTargets(consumer: Consumer): ConsumerService {
  return { name: consumer.name, targets: {}, config: {}, with: () => consumer }
}

/** Only its own: no handler is handed the address of the database. */
function ownValues({ config: own }: ConsumerService, config: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => Object.hasOwn(own, name)))
}

/** One client for each target, opened with the variables that its declaration names. */
function openTargets(
  { targets }: ConsumerService,
  config: ConsumerConfig,
  { log, metrics, onClose }: Pick<ServiceContext<TObject>, 'log' | 'metrics' | 'onClose'>,
): Clients<Targets> {
  const watch = breakerWatch(Object.keys(targets), { log, metrics })
  const values: Readonly<Record<string, unknown>> = config
  const opened = Object.entries(targets).map(([name, target]) => {
    const own = Object.keys(target.variables).map(variable => [variable, values[variableName(name, variable)]])
    const parts = { name, requestTimeoutMs: config.REQUEST_TIMEOUT_MS, onBreaker: watch(name) }
    const client = target.open(Object.fromEntries(own), parts)
    onClose(name, () => client.close())
    return [name, client]
  })
  return Object.fromEntries(opened)
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
