import type { Answer } from '../answer.ts'
import { askKafka } from '../ask-kafka.ts'
import type { Config } from '../config.ts'
import { confirm } from '../confirm.ts'
import { lookOf } from '../look.ts'
import { counted } from '../text/counted.ts'
import { quarantineReleaseText, releaseProgressText } from '../text/quarantine-release-text.ts'
import { outcomeTable } from '../text/quarantine-verify-text.ts'
import { type Watching, watchingOnStderr } from '../watching.ts'
import { judgingSourcesOf } from './judging.ts'
import { QUARANTINE } from './place.ts'
import { type ReleasedRequest, releaseChosen, type ReleaseProgress } from './release-chosen.ts'
import type { QuarantineSelection } from './selection.ts'
import { isReleasable, type JudgedRequest, judgedRequests } from './verify.ts'

export interface QuarantineReleaseDocument {
  /** Those that were tried, in this order: the oldest first. */
  requests: readonly ReleasedRequest[]
  released: number
  failed: number
  /** Meant, and not releasable: left as they are. */
  not_releasable: number
  /** Releasable, and not tried: behind the limit, or after Ctrl-C. */
  left: number
  interrupted: boolean
}

export interface QuarantineReleaseOptions {
  selection: QuarantineSelection
  /** Requests at most, the oldest ones. */
  limit: number
  /** Ask nothing. */
  yes: boolean
  /** Milliseconds since the epoch. */
  now: () => number
}

/** Bytes of bodies that are in memory at a time: what is behind them is left to the next run. */
const MAX_BODIES_BYTES = 64 * 1_024 * 1_024

/** Judges again, asks, puts what verifies into its source's topic and says so in the quarantine's. */
export async function quarantineRelease(
  config: Config,
  { selection, limit, yes, now }: QuarantineReleaseOptions,
  place = QUARANTINE,
  watching: Watching<ReleaseProgress> = watchingOnStderr(releaseProgressText),
): Promise<Answer> {
  const meant = await judgedRequests(config, { selection, now: now() }, place)
  const releasable = meant.filter(isReleasable)
  const chosen = oldest(releasable, limit)
  const not_releasable = meant.length - releasable.length
  if (chosen.length === 0) {
    return answerOf({ requests: [], released: 0, failed: 0, not_releasable, left: 0, interrupted: false }, selection)
  }
  watching.say(outcomeTable(meant, lookOf(process.stderr)).join('\n'))
  await confirm(`Release ${whatOf(chosen)}?`, { yes })
  const sources = await judgingSourcesOf(config, place, now())
  const { requests, interrupted } = await askKafka(config, client =>
    releaseChosen(client, place, { chosen, sources, now, watching }),
  )
  const released = requests.filter(one => one.released).length
  const left = releasable.length - requests.length
  return answerOf(
    { requests, released, failed: requests.length - released, not_releasable, left, interrupted },
    selection,
  )
}

/** So many of the oldest, as far as their bodies fit into memory; one always does. */
function oldest(newestFirst: readonly JudgedRequest[], limit: number): readonly JudgedRequest[] {
  let bytes = 0
  const chosen: JudgedRequest[] = []
  for (const one of newestFirst.toReversed()) {
    bytes += one.kept_bytes
    if (chosen.length === limit || (chosen.length > 0 && bytes > MAX_BODIES_BYTES)) break
    chosen.push(one)
  }
  return chosen
}

function whatOf(chosen: readonly JudgedRequest[]): string {
  const topics = Map.groupBy(chosen, ({ judged }) => (judged.kind === 'releasable' ? judged.topic : ''))
  const to = [...topics].map(([topic, { length }]) => `${length} to ${topic}`).join(', ')
  const before = chosen.filter(one => one.released !== null).length
  return `${counted(chosen.length, 'request')} (${to}${before === 0 ? '' : `; ${before} were released before`})`
}

function answerOf(document: QuarantineReleaseDocument, { ids }: QuarantineSelection): Answer {
  const problem = problemOf(document, ids !== undefined)
  return { document, text: look => quarantineReleaseText(document, look), ...(problem !== undefined && { problem }) }
}

function problemOf(document: QuarantineReleaseDocument, named: boolean): string | undefined {
  const { interrupted, left, failed, not_releasable } = document
  if (interrupted) return `Stopped, ${left} left. Run it again for them: what is released is not released again.`
  if (failed > 0)
    return `${failed} could not be released. Run it again for them: what is released is not released again.`
  if (named && not_releasable > 0) return `${not_releasable} cannot be released: \`quarantine verify\` says why.`
  return undefined
}
