import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyTopics, describeTopics, parseTopics } from '@hookline/kafka'
import { localKafkaClient } from './kafka-client.ts'
import { REPOSITORY } from './repository.ts'

const FILE = join(REPOSITORY, 'infra/topics.yaml')

/** Makes the topics of `infra/topics.yaml`; on a cluster that is not ours only those that it does not have. */
export async function makeTopics(brokers: string, ours: boolean): Promise<void> {
  const client = localKafkaClient(brokers)
  const wanted = parseTopics(await readFile(FILE, 'utf8'), 'local')
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
