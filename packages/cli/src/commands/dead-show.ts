import { deadEvent, type DeadEventStory, serverNow } from '@hookline/inbox'
import type { Answer } from '../answer.ts'
import { askDatabase } from '../ask-database.ts'
import { type Config, servicesAsked } from '../config.ts'
import { deadShowText } from '../text/dead-show-text.ts'

export interface DeadShowDocument extends DeadEventStory {
  service: string
  /** By MongoDB's clock. */
  now: string
}

export interface DeadShowOptions {
  service?: string
  /** With what came, byte for byte. */
  body?: boolean
}

/** All that is known of one dead event. */
export async function deadShow(config: Config, id: string, { service, body }: DeadShowOptions): Promise<Answer> {
  const names = servicesAsked(config, service)
  const found = await Promise.all(
    names.map(name =>
      askDatabase(config, name, async db => {
        const event = await deadEvent(db, id, { withBody: body ?? false })
        return event && { service: name, now: new Date(await serverNow(db)).toISOString(), found: event }
      }),
    ),
  )
  const [one] = found.filter(answer => answer !== undefined)
  if (!one)
    return no(`None of ${names.join(', ')} has an event ${JSON.stringify(id)}: \`hookline dead list\` tells ids.`)
  if (one.found.kind === 'not dead') {
    const { event, order_id, state } = one.found
    const how = state === 'open' ? 'still to be done' : state
    return no(
      `It is not dead: ${event} of order ${order_id} is ${how} in ${one.service}. See \`hookline order ${order_id}\`.`,
    )
  }
  const document: DeadShowDocument = { service: one.service, now: one.now, ...one.found.event }
  return { document, text: look => deadShowText(document, look) }
}

function no(problem: string): Answer {
  return { document: {}, text: () => '', problem }
}
