import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseTopics, type WantedTopic } from '@hookline/kafka'
import type { Config } from './config.ts'
import { codeOf, Failure } from './failure.ts'
import { findUp } from './find-up.ts'
import { TOPICS_FILE } from './topic-services.ts'

/** Which file says what the topics are to be, and which profile of it. */
export interface TopicsFileOptions {
  file?: string
  profile?: string
}

export interface WantedTopics {
  readonly file: string
  readonly profile: string | undefined
  readonly wanted: readonly WantedTopic[]
}

/** Throws a `Failure` where there is no such file, or something is wrong in it. */
export function wantedTopics(config: Config, options: TopicsFileOptions): WantedTopics {
  const file = options.file === undefined ? findUp(TOPICS_FILE, config.cwd) : resolve(config.cwd, options.file)
  if (file === undefined) throw new Failure('usage', `There is no ${TOPICS_FILE} here: name the file with --file.`)
  // the file of this repository has a profile for the one broker of the local stack
  const profile = options.profile ?? (config.stackFile && options.file === undefined ? 'local' : undefined)
  try {
    return { file, profile, wanted: parseTopics(readFileSync(file, 'utf8'), profile) }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new Failure('usage', `There is no file ${file}.`, { cause: error })
    throw new Failure('usage', `${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
