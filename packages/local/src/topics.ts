import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyTopics, describeTopics, parseTopics } from '@hookline/kafka'
import { localKafkaClient } from './kafka-client.ts'
import { REPOSITORY } from './repository.ts'

const FILE = join(REPOSITORY, 'infra/topics.yaml')

/**
 * Makes the topics of `infra/topics.yaml`; on a cluster that is not ours only those that it does not have.
 * Throws an `Error` where one of these consumers has no dead-letter topic in the file.
 */
export async function makeTopics(
  brokers: string,
  { ours, consumers }: { readonly ours: boolean; readonly consumers: readonly string[] },
): Promise<void> {
  const client = localKafkaClient(brokers)
  const wanted = parseTopics(await readFile(FILE, 'utf8'), 'local')
  const missing = consumers.map(name => `${name}.dead`).find(name => !wanted.some(topic => topic.name === name))
  if (missing !== undefined) throw new Error(`infra/topics.yaml has no topic ${missing}: add it beside the others`)
  if (ours) {
    await applyTopics(client, wanted)
    return
  }
  const found = await describeTopics(
    client,
    wanted.map(topic => topic.name),
  )
  await applyTopics(
    client,
    wanted.filter(topic => !found.has(topic.name)),
  )
}
