import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

const LOOK_EVERY_MS = 50

/** How long a request may be on its way on a connection that is idle when the app begins to close. */
const ON_ITS_WAY_MS = 500

export interface EndConnectionsOptions {
  /** Whether a request that arrived whole on this connection waits for its answer. */
  readonly owesAnswer: (socket: Socket) => boolean
  /** Makes what is not answered yet the last answer on its connection. */
  readonly takeNoMore: () => void
  /** All that are open. */
  readonly sockets: () => Iterable<Socket>
  /** How long a request may still arrive after the app began to close. */
  readonly requestTimeoutMs: number
}

/**
 * While the app closes, connections end as soon as nothing is owed on them, and not sooner. Node alone ends those that are
 * idle when it begins, where a request is on its way perhaps; one that is answered later would stay for its keep-alive
 * time, and one on which nothing ever came for good, because a closing server no longer looks for what is too slow.
 */
export function endConnectionsOnClose(
  app: FastifyInstance,
  { owesAnswer, takeNoMore, sockets, requestTimeoutMs }: EndConnectionsOptions,
): void {
  const endIdle = app.server.closeIdleConnections.bind(app.server)
  // Node and Fastify call it at once
  app.server.closeIdleConnections = () => {}
  let timer: NodeJS.Timeout | undefined

  function look(closingMs: number): void {
    if (closingMs < ON_ITS_WAY_MS) return
    endIdle()
    for (const socket of sockets()) {
      if (socket.bytesRead === 0 || (closingMs > requestTimeoutMs && !owesAnswer(socket))) socket.destroy()
    }
  }

  app.addHook('preClose', done => {
    takeNoMore()
    const since = performance.now()
    // in an immediate, what has come is read by then
    timer = setInterval(() => setImmediate(() => look(performance.now() - since)), LOOK_EVERY_MS)
    done()
  })
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer)
    done()
  })
}
