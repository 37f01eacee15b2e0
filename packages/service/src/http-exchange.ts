import type { Dispatcher } from 'undici'

export type HttpMethod = 'PUT' | 'POST' | 'PATCH' | 'DELETE'

export type HttpRequest = {
  method: HttpMethod
  path: string
  headers: Record<string, string>
  /** null: none is sent. */
  body: string | null
}

export type Answered = { kind: 'answered'; status: number; retryAfter: string | undefined; body: Buffer }

/** How a request ended: with an answer, or without one; `sent` when any of it may have left this process. */
export type Exchange =
  | Answered
  | { kind: 'failed'; sent: boolean; why: 'timed out' | 'aborted' | 'connection'; error?: Error }

// Of a longer answer the rest is not read and its connection is closed.
const LONGEST_ANSWER_BYTES = 64 * 1_024

/**
 * Sends one request and reads its answer to the end, bounded. Never throws and follows no redirect.
 * Once the status is there the answer counts, even if its body does not arrive.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: HttpRequest,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<Exchange> {
  return new Promise(resolve => {
    let sent = false
    let answer: Answered | undefined
    let controller: Dispatcher.DispatchController | undefined
    let ended: Error | undefined
    const chunks: Buffer[] = []
    let bytes = 0

    const timer = setTimeout(() => end('timed out'), timeoutMs)
    const onAbort = (): void => end('aborted')
    signal.addEventListener('abort', onAbort, { once: true })

    function end(why: 'done' | 'timed out' | 'aborted' | 'connection', error?: Error): void {
      if (ended) return
      ended = error ?? new Error(why)
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      if (answer) resolve({ ...answer, body: Buffer.concat(chunks) })
      else resolve({ kind: 'failed', sent, why: why === 'done' ? 'connection' : why, ...(error && { error }) })
      if (why !== 'done') controller?.abort(ended)
    }

    if (signal.aborted) return end('aborted')
    dispatcher.dispatch(request, {
      // Called when a connection is free for it; what ended while it was queued is not written at all.
      onRequestStart(started) {
        controller = started
        if (ended) return started.abort(ended)
        sent = true
      },
      onResponseStart(_controller, status, headers) {
        if (status < 200) return
        const retryAfter = headers['retry-after']
        answer = {
          kind: 'answered',
          status,
          retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
          body: Buffer.alloc(0),
        }
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes > LONGEST_ANSWER_BYTES) end('connection')
      },
      onResponseEnd: () => end('done'),
      onResponseError: (_controller, error) => end('connection', error),
    })
  })
}
