import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

export interface OpenConnectionsOptions {
  readonly maxConnections: number
  /** Whether a request that arrived whole on this connection waits for its answer. */
  readonly owesAnswer: (socket: Socket) => boolean
  /** A connection was closed to make room. */
  readonly displaced: () => void
}

export interface OpenConnections {
  /** To be called for every request. */
  readonly used: (request: IncomingMessage, response: ServerResponse) => void
  /** As HTTP sees them, under TLS the deciphered ones. */
  readonly sockets: () => Iterable<Socket>
  readonly count: () => number
}

/**
 * Bounds the open connections. A new one displaces the one that was quiet for longest and is owed no answer: refused
 * itself, any stranger who keeps enough connections open would keep the senders out.
 */
export function openConnections(server: Server, options: OpenConnectionsOptions): OpenConnections {
  const { maxConnections, owesAnswer, displaced } = options
  /** From the one that was quiet for longest to the one used last. */
  const open = new Set<Connection>()
  const bySocket = new WeakMap<Socket, Connection>()
  const byEnds = new Map<string, Connection>()

  function toEnd(connection: Connection | undefined): void {
    if (connection !== undefined && open.delete(connection)) open.add(connection)
  }

  function displaceOne(): void {
    for (const connection of open) {
      if (owesAnswer(connection.socket)) continue
      open.delete(connection)
      connection.socket.destroy()
      displaced()
      return
    }
  }

  server.on('connection', (socket: Socket) => {
    const connection = { socket }
    const ends = endsOf(socket)
    open.add(connection)
    bySocket.set(socket, connection)
    byEnds.set(ends, connection)
    socket.once('close', () => {
      open.delete(connection)
      if (byEnds.get(ends) === connection) byEnds.delete(ends)
    })
    if (open.size > maxConnections) displaceOne()
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    const connection = byEnds.get(endsOf(socket))
    if (connection === undefined) return
    connection.socket = socket
    bySocket.set(socket, connection)
  })

  return {
    used({ socket }, response) {
      const connection = bySocket.get(socket)
      toEnd(connection)
      response.once('close', () => toEnd(connection))
    },
    sockets: () => Array.from(open, ({ socket }) => socket),
    count: () => open.size,
  }
}

interface Connection {
  socket: Socket
}

/** Which connection it is: Node does not tell which one a deciphered socket belongs to. */
function endsOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`
}
