import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyTopics, parseTopics } from '@hookline/kafka'
import { localKafkaClient, REPOSITORY } from '@hookline/local'
import type { Stage } from '../stage.ts'

/** Topics like that of the webhooks of Points. */
export async function makeTopics({ brokers }: Stage, names: readonly string[]): Promise<void> {
  const all = parseTopics(await readFile(join(REPOSITORY, 'infra/topics.yaml'), 'utf8'), 'local')
  const wanted = all.filter(({ name }) => name === 'points.webhook')
  await applyTopics(
    localKafkaClient(brokers),
    names.flatMap(name => wanted.map(topic => ({ ...topic, name }))),
  )
}
