import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

const LOOK_EVERY_MS = 50

export interface EndConnectionsOptions {
  /** Whether a request that arrived whole on this connection waits for its answer. */
  readonly owesAnswer: (socket: Socket) => boolean
  /** All that are open. */
  readonly sockets: () => Iterable<Socket>
  /** How long a request may still arrive after the app began to close. */
  readonly requestTimeoutMs: number
}

/**
 * While the app closes, connections end as soon as nothing is owed on them. Node alone ends those that are idle when it
 * begins: one that is answered later would stay for its keep-alive time, and one on which nothing ever came for good,
 * because a closing server no longer looks for what is too slow.
 */
export function endConnectionsOnClose(
  app: FastifyInstance,
  { owesAnswer, sockets, requestTimeoutMs }: EndConnectionsOptions,
): void {
  let timer: NodeJS.Timeout | undefined
  let patientUntilMs = Infinity

  function look(): void {
    app.server.closeIdleConnections()
    const patient = performance.now() < patientUntilMs
    for (const socket of sockets()) {
      if (socket.bytesRead === 0 || (!patient && !owesAnswer(socket))) socket.destroy()
    }
  }

  app.addHook('preClose', done => {
    patientUntilMs = performance.now() + requestTimeoutMs
    timer = setInterval(look, LOOK_EVERY_MS)
    done()
  })
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer)
    done()
  })
}
