import { judgeAgain } from '@hookline/ingress/quarantine'
import type { Answer } from '../answer.ts'
import { askKafka } from '../ask-kafka.ts'
import type { Config } from '../config.ts'
import { Failure } from '../failure.ts'
import { quarantineVerifyText } from '../text/quarantine-verify-text.ts'
import { type Judgement, judgementOf, judgingSourcesOf } from './judging.ts'
import { QUARANTINE, type QuarantinePlace } from './place.ts'
import { type Found, type QuarantinedRequest, readQuarantine } from './read.ts'
import { isMeant, openOnly, type QuarantineSelection } from './selection.ts'

/** A request, and what it is judged to be now. */
export interface JudgedRequest extends QuarantinedRequest {
  readonly judged: Judgement
}

export interface QuarantineVerifyDocument {
  /** By this machine's clock, ISO-8601. */
  now: string
  releasable: number
  /** The newest first. */
  requests: readonly JudgedRequest[]
}

export interface QuarantineVerifyOptions {
  selection: QuarantineSelection
  /** Milliseconds since the epoch. */
  now: number
}

/** Judges what is in quarantine again, with the secrets and the code of now. Changes nothing. */
export async function quarantineVerify(
  config: Config,
  { selection, now }: QuarantineVerifyOptions,
  place = QUARANTINE,
): Promise<Answer> {
  const requests = await judgedRequests(config, { selection, now }, place)
  const releasable = requests.filter(isReleasable).length
  const document: QuarantineVerifyDocument = { now: new Date(now).toISOString(), releasable, requests }
  const isNo = selection.ids !== undefined && releasable < requests.length
  return {
    document,
    text: look => quarantineVerifyText(document, look),
    ...(isNo && { problem: 'Not all of them can be released.' }),
  }
}

/** Those that are meant, the newest first. Throws a `Failure` where an id is none of a request in quarantine. */
export async function judgedRequests(
  config: Config,
  { selection, now }: QuarantineVerifyOptions,
  place: QuarantinePlace,
): Promise<readonly JudgedRequest[]> {
  const sources = await judgingSourcesOf(config, place, now)
  const asked = openOnly(selection)
  const { found } = await askKafka(config, client =>
    readQuarantine(client, place, request => judgementOf(judgeAgain(request, { sources, now }))),
  )
  requireKnown(found, selection.ids)
  return found
    .filter(({ request }) => isMeant(asked, request))
    .map(({ request, told }) => ({ ...request, judged: told }))
}

export function isReleasable({ judged }: JudgedRequest): boolean {
  return judged.kind === 'releasable'
}

function requireKnown(found: readonly Found<unknown>[], ids: readonly string[] = []): void {
  const known = new Set(found.map(({ request }) => request.request_id))
  const unknown = ids.filter(id => !known.has(id))
  if (unknown.length === 0) return
  throw new Failure('no', `Not in quarantine, or there no more: ${unknown.map(id => JSON.stringify(id)).join(', ')}.`)
}
