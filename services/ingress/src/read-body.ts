import type { IncomingMessage } from 'node:http'
import type { Arrival } from './admission.ts'

export interface ReadBodyOptions {
  readonly maxBytes: number
  readonly arrival: Arrival
  /** Where it gives a promise, the rest is not read before that resolves. */
  readonly nextTurn: () => Promise<void> | undefined
}

/** Or why there is none; what still comes of it is thrown away. */
export type ReadBody = Buffer | 'body_too_large' | 'overloaded' | 'client_gone'

/** Less is not worth asking for room. */
const MIN_GROWTH_BYTES = 4_096

const NOTHING = Buffer.alloc(0)

/**
 * The bytes of a request, in room that is taken as they come. They are copied into one piece: a list of the parts would
 * take as much memory as a client makes its parts small.
 */
export function readBody(request: IncomingMessage, options: ReadBodyOptions): Promise<ReadBody> {
  const { maxBytes, arrival, nextTurn } = options
  const { 'content-length': length } = request.headers
  const announced = length === undefined ? undefined : Number(length)
  const most = Math.min(maxBytes, announced ?? maxBytes)
  let body: Buffer = NOTHING
  let read = 0
  let settled = false

  return new Promise(resolve => {
    function settle(result: ReadBody): void {
      settled = true
      resolve(result)
    }
    function onPart(part: Buffer): void {
      // refused: listening on throws the rest away
      if (settled) return
      const needed = read + part.length
      if (needed > maxBytes) return settle('body_too_large')
      const size =
        needed <= body.length ? body.length : Math.min(most, Math.max(needed, 2 * body.length, MIN_GROWTH_BYTES))
      const growth = size - body.length
      // a body that comes in one part, as nearly all do, is whole at once
      const admitted = needed === announced ? arrival.whole(growth) : growth === 0 || arrival.more(growth)
      if (!admitted) return settle('overloaded')
      if (part.length === size) {
        // Node made the part for us alone, and of its own size
        body = part
      } else {
        if (growth > 0) body = resized(body, size)
        part.copy(body, read)
      }
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
      if (settled) return
      // otherwise it was known with its last part
      if ((announced ?? 0) === 0 && !arrival.whole(0)) return settle('overloaded')
      settle(read === body.length ? body : body.subarray(0, read))
    }
    function onClose(): void {
      if (!settled) settle('client_gone')
    }

    if (request.destroyed) settle('client_gone')
    else request.on('data', onPart).on('end', onEnd).on('close', onClose)
  })
}

function resized(body: Buffer, size: number): Buffer {
  const larger = Buffer.allocUnsafe(size)
  body.copy(larger)
  return larger
}
