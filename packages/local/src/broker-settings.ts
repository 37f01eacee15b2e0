import { join } from 'node:path'
import { LOOPBACK } from './ports.ts'

export interface BrokerPlace {
  /** The address that clients' listener binds to; what it advertises is always the loopback address. */
  readonly listenOn: string
  readonly dataDir: string
  readonly port: number
  readonly controllerPort: number
}

/** Kafka's own settings for one small KRaft node that is broker and controller. */
export function brokerSettings({ listenOn, dataDir, port, controllerPort }: BrokerPlace) {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${LOOPBACK}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${listenOn}:${port},CONTROLLER://${LOOPBACK}:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${LOOPBACK}:${port}`,
    'log.dirs': join(dataDir, 'log'),
    'auto.create.topics.enable': false,
    // Kafka 4 refuses records stamped more than an hour ahead, and the senders' clocks are not ours
    'log.message.timestamp.type': 'LogAppendTime',
    // a broker that was killed is let in again only when its old session is over
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 500,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // these two keep the resident memory small; the defaults reserve far more than a small heap has
    'log.cleaner.dedupe.buffer.size': 4_194_304,
    'log.index.size.max.bytes': 1_048_576,
    'num.network.threads': 2,
    'num.io.threads': 2,
  }
}
