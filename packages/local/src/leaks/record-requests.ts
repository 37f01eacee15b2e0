import { subscribe } from 'node:diagnostics_channel'
import { SIGNATURE } from './find-leaks.ts'
import type { TestRecord } from './test-record.ts'

/** What undici, and so `fetch`, tells of a request. */
interface Told {
  readonly request: { readonly path: string; readonly headers: readonly string[] }
  readonly chunk?: Uint8Array
}

const CREDENTIAL = /secret|signature|authorization|api-key/i
/** What a service says to operators and their machines; other answers are a target's or a test's own. */
const OPERATORS = /^\/(?:metrics|livez|readyz)(?:$|\?)/

/** Records the credentials in what this process fetches from now on, and the metrics and health that it is answered. */
export function recordRequests(record: TestRecord): void {
  subscribe('undici:request:create', message => {
    if (!isRequest(message)) return
    const { headers } = message.request
    for (let at = 0; at + 1 < headers.length; at += 2) recordCredential(record, headers[at], headers[at + 1])
  })
  const answers = new WeakMap<object, (chunk: Uint8Array) => void>()
  subscribe('undici:request:bodyChunkReceived', message => {
    if (!isRequest(message)) return
    const { request, chunk } = message
    if (chunk === undefined || !OPERATORS.test(request.path)) return
    let write = answers.get(request)
    if (write === undefined) answers.set(request, (write = record.output(`answer${request.path}`)))
    write(chunk)
  })
}

function isRequest(message: unknown): message is Told {
  return typeof message === 'object' && message !== null && 'request' in message
}

/** A header field that a sender was or pretended to be known by; a signature is known by its looks. */
export function recordCredential(record: TestRecord, name = '', value = ''): void {
  if (CREDENTIAL.test(name) && !SIGNATURE.test(value)) record.secret(`sent as ${name.toLowerCase()}`, value)
}
