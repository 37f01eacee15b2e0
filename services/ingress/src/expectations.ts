import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/** Clients that ask with `Expect: 100-continue` before they send a body. */
export interface Expectations {
  /** To be called where the body is wanted. */
  readonly invite: (request: IncomingMessage) => void
}

/**
 * Node alone would tell every client to go on, before anybody looked at what it wants. One that is refused instead may
 * send its body or leave it out, so Node closes its connection.
 */
export function expectations(server: Server): Expectations {
  const waiting = new WeakMap<IncomingMessage, ServerResponse>()
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.set(request, response)
    server.emit('request', request, response)
  })
  // nobody has to meet another expectation, and Node alone would answer it 417 without a body
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))

  return {
    invite(request) {
      waiting.get(request)?.writeContinue()
    },
  }
}
