import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Ends a connection whose keep-alive time is over, but only where nothing has come on it. Node looks at the time first,
 * and only then at what has arrived: after a busy moment it would cut off a request that waits, without an answer.
 */
export function endIdleConnections(server: Server): void {
  server.on('timeout', (socket: Socket) => {
    const before = socket.bytesRead
    // by then all sockets were looked at once more
    setImmediate(() => {
      if (socket.bytesRead === before) socket.destroy()
    })
  })
}
