import { redrives, type RedriveStory } from '@hookline/inbox'
import type { Answer } from '../answer.ts'
import { askDatabase } from '../ask-database.ts'
import { type Config, servicesAsked } from '../config.ts'
import { redriveHead } from '../text/redrive-text.ts'

interface RedriveListDocument {
  /** The newest first. */
  redrives: readonly (RedriveStory & { service: string })[]
}

/** The redrives of each service: who, why, how far. */
export async function redriveList(
  config: Config,
  { service, limit }: { service?: string; limit: number },
): Promise<Answer> {
  const names = servicesAsked(config, service)
  const found = await Promise.all(
    names.map(async name =>
      (await askDatabase(config, name, db => redrives(db, { limit }))).map(story => ({ service: name, ...story })),
    ),
  )
  const all = found.flat().sort((a, b) => (a.created_at > b.created_at ? -1 : 1))
  const document: RedriveListDocument = { redrives: all.slice(0, limit) }
  return {
    document,
    text: look =>
      all.length === 0
        ? `There was no redrive in ${names.join(', ')}.`
        : document.redrives.map(story => redriveHead(story, look).join('\n')).join('\n\n'),
  }
}
