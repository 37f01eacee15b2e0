import { readRejected, type RejectedRequest, type Release } from '@hookline/ingress/quarantine'
import { describeTopics, type KafkaClient, readRecords } from '@hookline/kafka'
import { Failure } from '../failure.ts'
import { namesIn } from './names-in.ts'
import type { QuarantinePlace } from './place.ts'

/** A request in quarantine, without its body and its headers. */
export interface QuarantinedRequest {
  readonly request_id: string
  readonly source: string
  /** Why it is there: a verifier's failure, or a quarantine code of the contracts. */
  readonly reason: string
  /** False: anybody may have sent it, and `event` and `order_id` are only what it says. */
  readonly verified: boolean
  /** Of the secret that it was made with, where it is one of ours. */
  readonly secret_id: string | null
  /** ISO-8601. */
  readonly received_at: string
  readonly body_bytes: number
  /** Less where only a part of its body is kept. */
  readonly kept_bytes: number
  readonly event: string | null
  readonly order_id: string | null
  /** The last time, where it was released. */
  readonly released: ReleasedTo | null
}

interface ReleasedTo {
  /** ISO-8601. */
  readonly at: string
  readonly topic: string
  readonly order_id: string
}

/** A request, and what was found out about it while its body was there. */
export interface Found<Told> {
  readonly request: QuarantinedRequest
  readonly told: Told
}

export interface Quarantine<Told> {
  /** The newest first. */
  readonly found: readonly Found<Told>[]
  /** Records of another form. */
  readonly unreadable: number
}

/**
 * All that is in quarantine. `look` sees each request with its body, which does not stay in memory unless it keeps it;
 * whether the request was released is not known there yet.
 */
export async function readQuarantine<Told>(
  client: KafkaClient,
  { topic, declared }: QuarantinePlace,
  look: (request: RejectedRequest) => Told,
): Promise<Quarantine<Told>> {
  const there = await describeTopics(client, [topic])
  if (!there.has(topic)) throw new Failure('no', `Kafka has no topic ${topic}: \`hookline topics apply\`.`)
  const catalogues = new Map(declared.map(({ catalogue }) => [catalogue.source, catalogue]))
  const found = new Map<string, Found<Told>>()
  const releases = new Map<string, Release>()
  let unreadable = 0
  await readRecords(client, topic, {
    each(record) {
      const kept = readRejected(record)
      switch (kept.kind) {
        case 'request': {
          const request = { ...without(kept), ...namesIn(catalogues.get(kept.source), kept.body) }
          found.set(kept.requestId, { request, told: look(kept) })
          break
        }
        case 'release':
          if (kept.releasedAt >= (releases.get(kept.requestId)?.releasedAt ?? 0)) releases.set(kept.requestId, kept)
          break
        case 'unreadable':
          unreadable += 1
      }
    },
  })
  const all = [...found.values()].map(one => withRelease(one, releases.get(one.request.request_id)))
  return { found: all.toSorted(newestFirst), unreadable }
}

function without(kept: RejectedRequest): Omit<QuarantinedRequest, 'event' | 'order_id'> {
  return {
    request_id: kept.requestId,
    source: kept.source,
    reason: kept.reason,
    verified: kept.verified,
    secret_id: kept.secretId ?? null,
    received_at: new Date(kept.receivedAt).toISOString(),
    body_bytes: kept.bodyBytes,
    kept_bytes: kept.body.length,
    released: null,
  }
}

function withRelease<Told>(found: Found<Told>, release: Release | undefined): Found<Told> {
  if (release === undefined) return found
  const { releasedAt, topic, orderId } = release
  const released = { at: new Date(releasedAt).toISOString(), topic, order_id: orderId }
  return { ...found, request: { ...found.request, released } }
}

function newestFirst({ request: a }: Found<unknown>, { request: b }: Found<unknown>): number {
  if (a.received_at === b.received_at) return a.request_id < b.request_id ? -1 : 1
  return a.received_at > b.received_at ? -1 : 1
}
