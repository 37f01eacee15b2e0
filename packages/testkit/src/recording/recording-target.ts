import type { HttpAnswer, HttpTarget, TargetRequest } from '@hookline/service'
import { checkPath } from '@hookline/service/request-checks'
import { type Recorded, recordedOf, recorder, type Recording } from './recorder.ts'

/** A request as the target would have it. */
export interface RecordedRequest extends Recorded {
  readonly method: TargetRequest['method']
  readonly path: string
  /** The bytes that would be sent, as text; empty where there is no body. */
  readonly body: string
  /** What the target would read from them; undefined where there is nothing. */
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
  async function send(
    { method, path, body: content }: TargetRequest,
    context: Parameters<HttpTarget['send']>[1],
  ): Promise<HttpAnswer> {
    checkPath(name, path)
    const body = content === undefined ? '' : JSON.stringify(content)
    const json: unknown = body === '' ? undefined : JSON.parse(body)
    return answerOf(await receive({ method, path, body, json, ...recordedOf(context) }, context))
  }
  return {
    ...recording,
    async put(path, body, context) {
      await send({ method: 'PUT', path, body }, context)
    },
    async post(path, body, context) {
      await send({ method: 'POST', path, body }, context)
    },
    send,
    close: async () => {},
  }
}

function answerOf(said: void | object): HttpAnswer {
  const text = JSON.stringify(said ?? {})
  return { status: 200, text, json: () => JSON.parse(text) }
}
