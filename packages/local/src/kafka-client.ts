import { type KafkaClient, type KafkaLog, kafkaClient } from '@hookline/kafka'

/** Says nothing: what goes wrong here is thrown. */
const SILENT: KafkaLog = { debug() {}, info() {}, warn() {}, error() {} }

export function localKafkaClient(brokers: string): KafkaClient {
  return kafkaClient({ brokers: brokers.split(','), clientId: 'hookline-local', log: SILENT })
}
