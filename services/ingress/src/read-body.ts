import type { IncomingMessage } from 'node:http'
import type { Arrival } from './admission.ts'

export interface ReadBodyOptions {
  readonly maxBytes: number
  readonly arrival: Arrival
  /** Where it gives a promise, the rest is not read before that resolves. */
  readonly nextTurn: () => Promise<void> | undefined
}

/** Or why the rest of it is thrown away. */
export type ReadBody = Buffer | 'body_too_large' | 'overloaded'

/** Less is not worth asking for room. */
const MIN_GROWTH_BYTES = 4_096

/**
 * The bytes of a request, in room that is taken as they come. They are copied into one piece: a list of the parts would
 * take as much memory as a client makes its parts small. Rejects where the request ends before its body does.
 */
export function readBody(request: IncomingMessage, options: ReadBodyOptions): Promise<ReadBody> {
  const { maxBytes, arrival, nextTurn } = options
  const { 'content-length': length } = request.headers
  const announced = length === undefined ? undefined : Number(length)
  const most = Math.min(maxBytes, announced ?? maxBytes)
  const { promise, resolve, reject } = Promise.withResolvers<ReadBody>()
  let body: Buffer = Buffer.alloc(0)
  let read = 0

  function stop(): void {
    request.off('data', onPart).off('end', onEnd).off('error', onGone).off('close', onGone)
  }
  function refuse(why: 'body_too_large' | 'overloaded'): void {
    stop()
    // what still comes is thrown away
    request.resume()
    resolve(why)
  }
  function onPart(part: Buffer): void {
    const needed = read + part.length
    if (needed > maxBytes) return refuse('body_too_large')
    const size =
      needed <= body.length ? body.length : Math.min(most, Math.max(needed, 2 * body.length, MIN_GROWTH_BYTES))
    const growth = size - body.length
    // a body that comes in one part, as nearly all do, is whole at once
    const admitted = needed === announced ? arrival.whole(growth) : growth === 0 || arrival.more(growth)
    if (!admitted) return refuse('overloaded')
    if (growth > 0) body = resized(body, size)
    part.copy(body, read)
    read = needed
    if (read !== announced) wait(nextTurn())
  }
  function wait(turn: Promise<void> | undefined): void {
    if (turn === undefined) return
    // what many clients have sent by now must not be copied in one go
    request.pause()
    void turn.then(() => request.resume())
  }
  function onEnd(): void {
    // otherwise it was known with its last part
    if ((announced ?? 0) === 0 && !arrival.whole(0)) return refuse('overloaded')
    stop()
    resolve(body.subarray(0, read))
  }
  function onGone(error?: Error): void {
    stop()
    reject(error ?? new Error('the request ended before its body did'))
  }

  if (request.destroyed) onGone()
  else request.on('data', onPart).on('end', onEnd).on('error', onGone).on('close', onGone)
  return promise
}

function resized(body: Buffer, size: number): Buffer {
  const larger = Buffer.allocUnsafe(size)
  body.copy(larger)
  return larger
}
