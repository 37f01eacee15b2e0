import { judgeAgain } from '@hookline/ingress/quarantine'
import type { Answer } from '../answer.ts'
import { askKafka } from '../ask-kafka.ts'
import type { Config } from '../config.ts'
import { clean } from '../text/clean.ts'
import { quarantineShowText } from '../text/quarantine-show-text.ts'
import { judgementOf, judgingSourcesOf } from './judging.ts'
import { QUARANTINE } from './place.ts'
import { readQuarantine } from './read.ts'
import type { JudgedRequest } from './verify.ts'

export interface QuarantineShowDocument extends JudgedRequest {
  /** By this machine's clock, ISO-8601. */
  now: string
  /** Those that are kept. */
  request_headers: Readonly<Record<string, string>>
}

export interface QuarantineShowOptions {
  /** Nothing but the body, byte for byte. */
  body?: boolean
  /** Milliseconds since the epoch. */
  now: number
}

/** All that is known of one request, or its body. */
export async function quarantineShow(
  config: Config,
  id: string,
  { body, now }: QuarantineShowOptions,
  place = QUARANTINE,
): Promise<Answer> {
  const sources = await judgingSourcesOf(config, place, now)
  const { found } = await askKafka(config, client =>
    readQuarantine(client, place, request =>
      request.requestId === id
        ? { headers: request.headers, body: request.body, judged: judgementOf(judgeAgain(request, { sources, now })) }
        : undefined,
    ),
  )
  const one = found.find(({ request }) => request.request_id === id)
  if (one?.told === undefined) return no(`Not in quarantine, or there no more: ${JSON.stringify(id)}.`)
  const { headers: request_headers, body: bytes, judged } = one.told
  const { body_bytes, kept_bytes } = one.request
  if (body) {
    const cut = kept_bytes < body_bytes && `Only the first ${kept_bytes} of its ${body_bytes} bytes are kept.`
    return { document: {}, text: () => clean(bytes.toString()), bytes, ...(cut && { problem: cut }) }
  }
  const document: QuarantineShowDocument = { now: new Date(now).toISOString(), ...one.request, request_headers, judged }
  return { document, text: look => quarantineShowText(document, look) }
}

function no(problem: string): Answer {
  return { document: {}, text: () => '', problem }
}
