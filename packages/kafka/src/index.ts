export { kafkaClient } from './client.ts'
export type { KafkaClient, KafkaClientOptions } from './client.ts'
export { clusterReady } from './cluster-ready.ts'
export { describeTopics } from './describe-topics.ts'
export type { TopicState } from './describe-topics.ts'
export { lag } from './lag.ts'
export type { PartitionLag } from './lag.ts'
export { listLetters } from './list-letters.ts'
export type { ListedLetter, ListedLetters } from './list-letters.ts'
export type { KafkaLog } from './log.ts'
export { partitionOf } from './murmur2.ts'
export {
  KafkaUnavailable,
  PublisherClosed,
  PublisherFull,
  PublishError,
  PublishTimeout,
  RecordTooLarge,
} from './publish-errors.ts'
export type { PublishErrorCode } from './publish-errors.ts'
export { publisher } from './publisher.ts'
export type { Publisher, PublisherOptions, PublishRecord } from './publisher.ts'
export type { Stored } from './sender.ts'
export { topicReaders } from './topic-readers.ts'
export type { TopicMember, TopicReader } from './topic-readers.ts'
export { planTopics } from './topic-plan.ts'
export type { TopicStep, WantedTopic } from './topic-plan.ts'
export { checkTopics, topicProblems, TopicsRefused } from './topic-policy.ts'
export type { TopicPolicy } from './topic-policy.ts'
export { applyTopics } from './topics.ts'
export { parseTopics, TopicsFileInvalid } from './topics-file.ts'
export { deadLetters } from './dead-letters.ts'
export type { DeadLettersOptions } from './dead-letters.ts'
export { recordSource, RecordSourceEnded } from './record-source.ts'
export type { KafkaRecordSource, RecordSourceOptions, SourceProgress } from './record-source.ts'
export type { Assignment } from './consumer-session.ts'
