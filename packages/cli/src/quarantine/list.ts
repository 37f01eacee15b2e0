import type { Answer } from '../answer.ts'
import { askKafka } from '../ask-kafka.ts'
import type { Config } from '../config.ts'
import { quarantineListText } from '../text/quarantine-list-text.ts'
import { QUARANTINE } from './place.ts'
import { type QuarantinedRequest, readQuarantine } from './read.ts'
import { isMeant, type QuarantineSelection } from './selection.ts'

export interface QuarantineListDocument {
  /** By this machine's clock, ISO-8601. */
  now: string
  /** What is meant, by source and reason; the most first. */
  sums: readonly QuarantineSum[]
  /** The newest first. */
  requests: readonly QuarantinedRequest[]
  /** There are more than the limit. */
  more: boolean
  /** Records of another form in the topic. */
  unreadable: number
}

export interface QuarantineSum {
  source: string
  reason: string
  verified: boolean
  requests: number
  released: number
  body_bytes: number
  /** When the newest of them was received, ISO-8601. */
  newest: string
}

export interface QuarantineListOptions {
  selection: QuarantineSelection
  limit: number
  /** Milliseconds since the epoch. */
  now: number
}

/** What is in quarantine: how much of what, and the newest of it. */
export async function quarantineList(
  config: Config,
  { selection, limit, now }: QuarantineListOptions,
  place = QUARANTINE,
): Promise<Answer> {
  const { found, unreadable } = await askKafka(config, client => readQuarantine(client, place, () => undefined))
  const meant = found.map(({ request }) => request).filter(request => isMeant(selection, request))
  const document: QuarantineListDocument = {
    now: new Date(now).toISOString(),
    sums: sumsOf(meant),
    requests: meant.slice(0, limit),
    more: meant.length > limit,
    unreadable,
  }
  return { document, text: look => quarantineListText(document, look) }
}

function sumsOf(requests: readonly QuarantinedRequest[]): readonly QuarantineSum[] {
  const groups = Map.groupBy(requests, ({ source, reason, verified }) => `${source} ${reason} ${verified}`)
  const sums = [...groups.values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return []
    const all = [first, ...rest]
    const { source, reason, verified, received_at: newest } = first
    const released = all.filter(one => one.released !== null).length
    const body_bytes = all.reduce((sum, one) => sum + one.body_bytes, 0)
    return [{ source, reason, verified, requests: all.length, released, body_bytes, newest }]
  })
  return sums.toSorted((a, b) => b.requests - a.requests)
}
