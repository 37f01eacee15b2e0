import { describeTopics, type ListedLetter, type ListedLetters, listLetters } from '@hookline/kafka'
import type { Answer } from '../answer.ts'
import { askKafka } from '../ask-kafka.ts'
import { type Config, servicesAsked } from '../config.ts'
import { Failure } from '../failure.ts'
import { lettersText } from '../text/letters-text.ts'

/** A record in a dead-letter topic; its key and value stay there. */
export interface DeadLetter {
  partition: number
  offset: string
  /** ISO-8601. */
  at: string
  reason: string
  message: string
  /** Where it was found. */
  source: { topic: string; partition: string; offset: string }
  bytes: number
}

export interface DeadLettersDocument {
  services: Record<string, { topic: string; total: number; letters: readonly DeadLetter[] }>
}

/** What stands in the dead-letter topics of the services, the newest first. */
export async function deadLetters(
  config: Config,
  { service, limit }: { service?: string; limit: number },
): Promise<Answer> {
  const names = servicesAsked(config, service)
  const document: DeadLettersDocument = { services: {} }
  await askKafka(config, async client => {
    const topics = names.map(topicOf)
    const there = await describeTopics(client, topics)
    const absent = topics.filter(topic => !there.has(topic))
    if (absent.length > 0)
      throw new Failure('no', `Kafka has no topic ${absent.join(', ')}: \`hookline topics apply\`.`)
    const found = await Promise.all(names.map(name => listLetters(client, topicOf(name), { limit })))
    for (const [n, name] of names.entries()) document.services[name] = told(topicOf(name), found[n])
  })
  return { document, text: look => lettersText(document, look) }
}

function topicOf(service: string): string {
  return `${service}.dead`
}

function told(topic: string, { total, letters }: ListedLetters = { total: 0, letters: [] }) {
  return { topic, total, letters: letters.map(letterOf) }
}

function letterOf({ at, sourceTopic, sourcePartition, sourceOffset, ...same }: ListedLetter): DeadLetter {
  const source = { topic: sourceTopic, partition: sourcePartition, offset: sourceOffset }
  return { ...same, at: new Date(at).toISOString(), source }
}
