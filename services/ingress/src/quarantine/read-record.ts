import { isUsableId } from '@hookline/contracts'
import { SECRET_ID } from '../secrets/document.ts'
import { PROOF } from '../verifiers/evidence.ts'
import type { RejectedRequest } from './record.ts'
import type { Release } from './release-mark.ts'

/** As a Kafka client gives it. */
export interface StoredRecord {
  readonly value: Buffer | null
  readonly headers?: RecordHeaders | undefined
}

type RecordHeaders = Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>>

/** What a record of the quarantine's topic is. `field`: the first of its headers that is missing or not usable. */
export type Kept =
  | ({ readonly kind: 'request' } & RejectedRequest)
  | ({ readonly kind: 'release' } & Release)
  | { readonly kind: 'unreadable'; readonly field: string }

const SOURCE = /^[a-z][a-z0-9-]{0,31}$/
const REASON = /^[a-z_]{1,64}$/
const REQUEST_ID = /^[A-Za-z0-9-]{1,64}$/
const TOPIC = /^[A-Za-z0-9._-]{1,249}$/
const COUNT = /^(?:0|[1-9]\d{0,9})$/

/** Reads what `rejectedRecord` and `releaseMark` write. A record of another form is said to be one; nothing throws. */
export function readRejected({ value, headers = {} }: StoredRecord): Kept {
  return headers['released_at'] === undefined ? requestIn(headers, value ?? Buffer.alloc(0)) : releaseIn(headers)
}

function requestIn(headers: RecordHeaders, body: Buffer): Kept {
  const { text, unusable } = fieldsOf(headers)
  const secretId = text('secret_id', value => value === '' || SECRET_ID.test(value))
  const proof = text('proof', value => value === '' || value.split(',').every(one => PROOF.test(one)))
  const request: RejectedRequest = {
    source: text('source', value => SOURCE.test(value)),
    reason: text('reason', value => REASON.test(value)),
    verified: text('verified', value => value === 'true' || value === 'false') === 'true',
    ...(secretId === '' ? {} : { secretId }),
    requestId: text('request_id', value => REQUEST_ID.test(value)),
    receivedAt: Date.parse(text('received_at', isTime)),
    headers: textsIn(text('request_headers', value => textsIn(value) !== undefined)) ?? {},
    proofs: proof === '' ? [] : proof.split(','),
    body,
    bodyBytes: Number(text('body_bytes', value => COUNT.test(value) && Number(value) >= body.length)),
  }
  const field = unusable()
  return field === undefined ? { kind: 'request', ...request } : { kind: 'unreadable', field }
}

function releaseIn(headers: RecordHeaders): Kept {
  const { text, unusable } = fieldsOf(headers)
  const release: Release = {
    source: text('source', value => SOURCE.test(value)),
    requestId: text('request_id', value => REQUEST_ID.test(value)),
    releasedAt: Date.parse(text('released_at', isTime)),
    topic: text('topic', value => TOPIC.test(value)),
    orderId: text('order_id', isUsableId),
  }
  const field = unusable()
  return field === undefined ? { kind: 'release', ...release } : { kind: 'unreadable', field }
}

/** A header that is missing, or there twice, is an empty text. */
function fieldsOf(headers: RecordHeaders) {
  let first: string | undefined
  return {
    text(name: string, isUsable: (text: string) => boolean): string {
      const found = headers[name]
      const text = typeof found === 'string' || Buffer.isBuffer(found) ? found.toString() : ''
      if (!isUsable(text)) first ??= name
      return text
    },
    /** The first that was not. */
    unusable: () => first,
  }
}

/** As `toISOString` writes it. */
function isTime(text: string): boolean {
  const ms = Date.parse(text)
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text
}

/** A JSON object of texts. */
function textsIn(text: string): Record<string, string> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
    const entries = Object.entries(parsed)
    return entries.every(([, value]) => typeof value === 'string') ? Object.fromEntries(entries) : undefined
  } catch {
    return undefined
  }
}
