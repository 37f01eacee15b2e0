import { setTimeout as delay } from 'node:timers/promises'
import {
  type Database,
  redriveItems,
  redriveStory,
  type RedriveLease,
  type RunEnd,
  runRedrive,
  takeLease,
} from '@hookline/inbox'
import type { Answer } from '../answer.ts'
import { Failure } from '../failure.ts'
import { redriveText } from '../text/redrive-text.ts'
import { type RedriveDocument, redriveDocument } from './story-document.ts'
import type { Watching } from './watching.ts'

export interface GoOnOptions {
  service: string
  id: string
  /** Who runs it, for whom else wants to. */
  runner: string
  follow: boolean
  ratePerS?: number
}

/** Runs a stored redrive to its end, as far as it was not run before. */
export async function goOn(db: Database, options: GoOnOptions, watching: Watching): Promise<Answer> {
  const { service, id } = options
  const lease = await leaseOf(db, options, watching)
  if (!lease) return answerOf(await documentOf(db, service, id))
  const stop = watching.interrupted()
  stop.addEventListener('abort', () => watching.say('Pausing before the next write.'), { once: true })
  try {
    const end = await runRedrive(db, lease, { ...options, stop, onProgress: watching.progress })
    watching.end()
    return answerOf(await documentOf(db, service, id), end)
  } catch (error) {
    watching.say(`What was given back stays so. Go on with: ${resumeCommand(id)}`)
    throw error
  }
}

/** undefined: it has ended. A runner that was killed keeps its lease for some seconds: they are waited for, once. */
async function leaseOf(
  db: Database,
  { id, runner }: GoOnOptions,
  { say }: Watching,
): Promise<RedriveLease | undefined> {
  for (let waited = false; ; waited = true) {
    const answer = await takeLease(db, id, runner)
    switch (answer.kind) {
      case 'held':
        return answer.lease
      case 'ended':
        return undefined
      case 'unknown':
        throw new Failure('no', `There is no redrive ${JSON.stringify(id)}.`)
      case 'taken':
        if (waited)
          throw new Failure('no', `${answer.by} runs it now: one runner at a time. Pause it: ${pauseCommand(id)}`)
        say(`${answer.by} ran it a moment ago: waiting ${Math.ceil(answer.forMs / 1_000)} s for its lease to run out.`)
        await delay(answer.forMs + CLOCK_MS)
    }
  }
}

/** The server's clock has run on by then. */
const CLOCK_MS = 100

async function documentOf(db: Database, service: string, id: string): Promise<RedriveDocument> {
  const story = await redriveStory(db, id)
  if (!story) throw new Failure('no', `There is no redrive ${JSON.stringify(id)}.`)
  return redriveDocument(service, story, await redriveItems(db, id))
}

function answerOf(document: RedriveDocument, end?: RunEnd): Answer {
  const problem = problemOf(document, end)
  return { document, text: look => redriveText(document, look), ...(problem !== undefined && { problem }) }
}

function problemOf({ id, counts }: RedriveDocument, end: RunEnd | undefined): string | undefined {
  if (end === 'paused') return `Paused. Go on with: ${resumeCommand(id)}`
  if (end === 'lease lost') return 'Another runner goes on with it: this one stood still for too long.'
  if (counts.dead_again > 0) return `${counts.dead_again} died once more: \`hookline dead list\` tells why.`
  return undefined
}

export function resumeCommand(id: string): string {
  return `npx -y pnpm@12 hookline redrive resume ${id}`
}

function pauseCommand(id: string): string {
  return `npx -y pnpm@12 hookline redrive pause ${id}`
}
