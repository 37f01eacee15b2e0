import { type HandlerContext, Retryable, Unknown } from '@hookline/consumer'
import { orderKeyOf } from '@hookline/consumer/loop'
import type { OrderName } from '../test-consumer/tested-consumer.ts'

/** What every request says of itself. */
export interface Recorded {
  /** Its `Idempotency-Key`; of a mail, what its Message-ID is made of. */
  readonly key: string
  readonly effect: string
  /** `source:order_id`. */
  readonly order: string
  readonly event: string
  readonly version: string
  /** 1 for the first attempt of the event; undefined where the handler did not hand on the whole of its context. */
  readonly attempt: number | undefined
}

/**
 * Return: done; an object is the JSON of an HTTP target's answer. Throw what the client would throw, such as `Unknown`. A promise is
 * waited for, until the handler is told to stop.
 */
export type Answer<R> = (request: R) => void | object | Promise<void | object>

/** Everything that was asked of a target. It honours no key: what is asked twice is here twice. */
export interface Recording<R extends Recorded> {
  /** In the order in which they came, however they were answered. */
  readonly requests: readonly R[]
  /** An order by what names it; any event of it does. */
  requestsOf(order: OrderName): readonly R[]
  /** Those that came more than once under one key, each key's together: a repeated attempt, or a handler that asks twice. */
  repeated(): readonly (readonly R[])[]
  /** How all are answered from now on. Until then: done. */
  answer(how: Answer<R>): void
  /** How just the next one is answered, or the one after those for which it was said already. */
  answerNext(how: Answer<R>): void
}

type RequestContext = Pick<HandlerContext, 'effectKey' | 'effect' | 'event' | 'signal'>

/** `name`: how the target is called in errors. */
export function recorder<R extends Recorded>(
  name: string,
): { recording: Recording<R>; receive(request: R, context: RequestContext): Promise<void | object> } {
  const requests: R[] = []
  const next: Answer<R>[] = []
  let all: Answer<R> = () => {}
  const recording: Recording<R> = {
    requests,
    requestsOf: order => requests.filter(request => request.order === orderKeyOf(order)),
    repeated: () => [...Map.groupBy(requests, ({ key }) => key).values()].filter(same => same.length > 1),
    answer(how) {
      all = how
    },
    answerNext: how => void next.push(how),
  }
  return {
    recording,
    async receive(request, { signal }) {
      if (signal.aborted) throw new Retryable(`${name} aborted`) // the client sends nothing then
      requests.push(request)
      const how = next.shift() ?? all
      const answered = async () => await how(request)
      return await unlessAborted(answered(), { signal, name })
    },
  }
}

export function recordedOf(context: RequestContext): Recorded {
  const { effectKey: key, effect, event } = context
  const attempt = 'attempt' in context && typeof context.attempt === 'number' ? context.attempt : undefined
  return { key, effect, order: orderKeyOf(event), event: event.event, version: event.version, attempt }
}

/** The client gives a request up when its handler is told to stop; the target may still do it. */
async function unlessAborted<T>(answered: Promise<T>, { signal, name }: { signal: AbortSignal; name: string }) {
  const aborted = Promise.withResolvers<never>()
  const stop = () => aborted.reject(new Unknown(`${name} aborted`))
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([answered, aborted.promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
