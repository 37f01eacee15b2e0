import { redriveStory, type RedriveStory } from '@hookline/inbox'
import { askDatabase } from '../ask-database.ts'
import { type Config, servicesAsked } from '../config.ts'
import { Failure } from '../failure.ts'

/** A redrive as one service has it. */
export interface FoundRedrive {
  service: string
  story: RedriveStory
}

/** Throws a `Failure` where no service has it. */
export async function findRedrive(config: Config, id: string): Promise<FoundRedrive> {
  const services = servicesAsked(config)
  const found = await Promise.all(
    services.map(async service => ({ service, story: await askDatabase(config, service, db => redriveStory(db, id)) })),
  )
  const [one] = found.flatMap(({ service, story }) => (story ? [{ service, story }] : []))
  if (one) return one
  const which = `None of ${services.join(', ')} has a redrive ${JSON.stringify(id)}`
  throw new Failure('no', `${which}: \`hookline redrive list\` tells them.`)
}
