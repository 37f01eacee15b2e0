import { type DeadEvent, deadEvents, type DeadSelection, serverNow } from '@hookline/inbox'
import type { Answer } from '../answer.ts'
import { askDatabase } from '../ask-database.ts'
import { type Config, servicesAsked } from '../config.ts'
import { deadText } from '../text/dead-text.ts'

/** Without the target's answer: it may tell what the customer sent. */
export interface ListedDead extends Omit<DeadEvent, 'answer'> {
  service: string
}

export interface DeadDocument {
  /** By MongoDB's clock. */
  now: string
  /** What died last comes first. */
  dead: readonly ListedDead[]
  /** There are more than the limit. */
  more: boolean
}

export interface DeadListOptions {
  service?: string
  limit: number
  selection?: DeadSelection
}

/** The events that were given up and wait for a person. */
export async function deadList(config: Config, { service, limit, selection = {} }: DeadListOptions): Promise<Answer> {
  const names = servicesAsked(config, service)
  const found = await Promise.all(
    names.map(name =>
      askDatabase(config, name, async db => ({
        now: await serverNow(db),
        // one more, to know that there are more
        dead: (await deadEvents(db, { limit: limit + 1, selection })).map(event => listed(name, event)),
      })),
    ),
  )
  const all = found.flatMap(({ dead }) => dead).sort((a, b) => (a.dead_at > b.dead_at ? -1 : 1))
  const now = new Date(Math.max(...found.map(({ now }) => now))).toISOString()
  const document: DeadDocument = { now, dead: all.slice(0, limit), more: all.length > limit }
  return { document, text: look => deadText(document, { look, services: names }) }
}

function listed(service: string, event: DeadEvent): ListedDead {
  const { answer: _, ...shown } = event
  return { service, ...shown }
}
