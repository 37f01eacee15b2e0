import { readFileSync } from 'node:fs'
import { parseTopics } from '@hookline/kafka'
import { Failure } from './failure.ts'
import { findUp } from './find-up.ts'

/** Of what a service cannot handle. */
const DEAD_LETTERS = '.dead'

/** Where the topics' file is looked for, from a checkout's root. */
export const TOPICS_FILE = 'infra/topics.yaml'

/**
 * The consumer services by their dead-letter topics, in the order of the topics' file; none where there is no such file.
 * Throws a `Failure` where something is wrong in it.
 */
export function topicServices(cwd: string): readonly string[] {
  const file = findUp(TOPICS_FILE, cwd)
  if (file === undefined) return []
  try {
    const names = parseTopics(readFileSync(file, 'utf8')).map(({ name }) => name)
    return names.filter(name => name.endsWith(DEAD_LETTERS)).map(name => name.slice(0, -DEAD_LETTERS.length))
  } catch (error) {
    throw new Failure('usage', `${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
