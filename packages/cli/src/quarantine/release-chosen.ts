import { judgeAgain, type JudgingSource, type RejectedRequest, releaseMark } from '@hookline/ingress/quarantine'
import { type KafkaClient, type Publisher, publisher } from '@hookline/kafka'
import { codeOf } from '../failure.ts'
import type { Watching } from '../watching.ts'
import type { QuarantinePlace } from './place.ts'
import { readQuarantine } from './read.ts'
import type { JudgedRequest } from './verify.ts'

/** What became of one request. */
export type ReleasedRequest = { readonly request_id: string; readonly source: string } & (
  | {
      readonly released: true
      readonly topic: string
      readonly order_id: string
      readonly partition: number
      readonly offset: string
      /** False: the quarantine still shows it as open, and a further run releases it again, which consumers drop. */
      readonly marked: boolean
    }
  /** `why`: the code of an error, `gone`, or what it is judged to be by now: a secret may have ended since it was asked. */
  | { readonly released: false; readonly why: string }
)

export interface ReleaseProgress {
  readonly done: number
  readonly of: number
}

export interface ReleaseChosenOptions {
  /** The oldest first. */
  readonly chosen: readonly JudgedRequest[]
  readonly sources: readonly JudgingSource[]
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly watching: Watching<ReleaseProgress>
}

/** A person waits, and Kafka may be choosing a new leader. */
const PUBLISH_TIMEOUT_MS = 15_000

/** On their way together: alone each would wait for Kafka twice. */
const AT_A_TIME = 50

/** Releases them in the order in which they came, which is the order of each order's events in Kafka. Ctrl-C ends it soon. */
export async function releaseChosen(
  client: KafkaClient,
  place: QuarantinePlace,
  { chosen, sources, now, watching }: ReleaseChosenOptions,
): Promise<{ readonly requests: readonly ReleasedRequest[]; readonly interrupted: boolean }> {
  const kept = await keptOf(client, place, chosen)
  const kafka = publisher({ client })
  const stop = watching.interrupted()
  stop.addEventListener('abort', () => watching.say('Stopping after those that are on their way.'), { once: true })
  const requests: ReleasedRequest[] = []
  try {
    for (let from = 0; from < chosen.length && !stop.aborted; from += AT_A_TIME) {
      const released = chosen.slice(from, from + AT_A_TIME).map(async ({ request_id, source }) => {
        const request = kept.get(request_id)
        if (request === undefined) return { request_id, source, released: false, why: 'gone' } as const
        return { request_id, source, ...(await releaseOne(kafka, place, { request, sources, now })) }
      })
      requests.push(...(await Promise.all(released)))
      watching.progress({ done: requests.length, of: chosen.length })
    }
  } finally {
    watching.end()
    await kafka.close()
  }
  return { requests, interrupted: requests.length < chosen.length }
}

async function keptOf(
  client: KafkaClient,
  place: QuarantinePlace,
  chosen: readonly JudgedRequest[],
): Promise<ReadonlyMap<string, RejectedRequest>> {
  const ids = new Set(chosen.map(one => one.request_id))
  const { found } = await readQuarantine(client, place, request =>
    // copied: as it is, it would hold all that came with it
    ids.has(request.requestId) ? { ...request, body: Buffer.from(request.body) } : undefined,
  )
  return new Map(found.flatMap(({ told }) => (told ? [[told.requestId, told] as const] : [])))
}

interface OneToRelease {
  readonly request: RejectedRequest
  readonly sources: readonly JudgingSource[]
  readonly now: () => number
}

async function releaseOne(kafka: Publisher, { topic: quarantine }: QuarantinePlace, one: OneToRelease) {
  const { request, sources, now } = one
  const { requestId, source } = request
  // nothing is waited for until the event is handed over, so that this happens in order
  const judged = judgeAgain(request, { sources, now: now() })
  if (judged.kind !== 'releasable') return { released: false, why: judged.kind } as const
  const { topic, record, orderId } = judged
  try {
    const { partition, offset } = await kafka.publish(topic, record, { timeoutMs: PUBLISH_TIMEOUT_MS })
    // after the event: a crash here costs a second release, which consumers drop; the other order would cost the event
    const mark = releaseMark({ source, requestId, releasedAt: now(), topic, orderId })
    const marked = await kafka.publish(quarantine, mark, { timeoutMs: PUBLISH_TIMEOUT_MS }).then(
      () => true,
      () => false,
    )
    return { released: true, topic, order_id: orderId, partition, offset, marked } as const
  } catch (error) {
    return { released: false, why: codeOf(error) } as const
  }
}
