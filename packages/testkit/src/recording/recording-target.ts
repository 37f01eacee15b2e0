import type { HttpTarget } from '@hookline/service'
import { checkPath } from '@hookline/service/request-checks'
import { type Recorded, recordedOf, recorder, type Recording } from './recorder.ts'

/** A request as the target would have it. */
export interface RecordedRequest extends Recorded {
  readonly method: 'PUT' | 'POST'
  readonly path: string
  /** The bytes that would be sent, as text. */
  readonly body: string
  /** What the target would read from them. */
  readonly json: unknown
}

export type RecordingTarget = HttpTarget & Recording<RecordedRequest>

/**
 * In place of the client of an HTTP API: writes down every request, and answers as the test says. It counts REQUESTS and
 * honours no key, as one that did would hide what is asked twice. What the client refuses before it sends anything (a path
 * that is not absolute or not encoded; a handler that was told to stop) is refused here too, and is no request.
 * @param name how the target is called in errors
 *
 * @example
 * const erp = recordingTarget('erp')
 * erp.answerNext(() => {
 *   throw new Unknown('its answer was lost')
 * })
 * const tested = testConsumer(() => erpSync.with({ erp }))
 */
export function recordingTarget(name = 'target'): RecordingTarget {
  const { recording, receive } = recorder<RecordedRequest>(name)
  const send =
    (method: RecordedRequest['method']): HttpTarget['put'] =>
    async (path, content, context) => {
      checkPath(name, path)
      const body = JSON.stringify(content)
      await receive({ method, path, body, json: JSON.parse(body), ...recordedOf(context) }, context)
    }
  return { ...recording, put: send('PUT'), post: send('POST'), close: async () => {} }
}
