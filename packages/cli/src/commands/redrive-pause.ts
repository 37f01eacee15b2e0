import { setTimeout as delay } from 'node:timers/promises'
import { askPause, redriveStory, type RedriveStory } from '@hookline/inbox'
import type { Answer } from '../answer.ts'
import { askDatabase } from '../ask-database.ts'
import type { Config } from '../config.ts'
import { findRedrive } from '../redrive/find.ts'
import { personOf } from '../redrive/person.ts'
import { redriveHead } from '../text/redrive-text.ts'

/** A runner looks between two writes, and one that was killed is known to be gone after its lease. */
const LIMIT_MS = 30_000
const EVERY_MS = 250

/** Lets the runner of a redrive pause before its next write, and waits until it has. */
export async function redrivePause(config: Config, id: string, { by }: { by?: string }): Promise<Answer> {
  const person = personOf(by)
  const { service } = await findRedrive(config, id)
  return askDatabase(config, service, async db => {
    const deadline = performance.now() + LIMIT_MS
    for (;;) {
      // asked again: the runner may have been killed meanwhile
      const answer = await askPause(db, id, person)
      const story = await redriveStory(db, id)
      if (answer !== 'asked' || performance.now() > deadline) return answerOf(service, story, answer)
      await delay(EVERY_MS)
    }
  })
}

function answerOf(
  service: string,
  story: RedriveStory | undefined,
  answer: Awaited<ReturnType<typeof askPause>>,
): Answer {
  if (!story) return { document: {}, text: () => '', problem: 'It is gone.' }
  const document = { service, ...story }
  const problem = {
    asked: 'Its runner has not paused yet; it will before its next write.',
    paused: undefined,
    over: 'There is nothing to pause: everything was given back.',
    unknown: 'It is gone.',
  }[answer]
  return {
    document,
    text: look => redriveHead(document, look).join('\n'),
    ...(problem !== undefined && { problem }),
  }
}
