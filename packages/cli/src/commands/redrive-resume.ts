import type { Answer } from '../answer.ts'
import { askDatabase } from '../ask-database.ts'
import type { Config } from '../config.ts'
import { findRedrive } from '../redrive/find.ts'
import { goOn } from '../redrive/go-on.ts'
import { personOf, runnerOf } from '../redrive/person.ts'
import { onStderr, type Watching } from '../redrive/watching.ts'

export interface RedriveResumeOptions {
  by?: string
  /** Instead of what was decided. */
  ratePerS?: number
  follow: boolean
}

/** Goes on with a redrive that was paused, killed, or not followed to its end. */
export async function redriveResume(
  config: Config,
  id: string,
  { by, ...options }: RedriveResumeOptions,
  watching: Watching = onStderr(),
): Promise<Answer> {
  const { service } = await findRedrive(config, id)
  const runner = runnerOf(personOf(by))
  return askDatabase(config, service, db => goOn(db, { ...options, service, id, runner }, watching))
}
