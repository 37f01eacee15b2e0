import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface CutProxy {
  /** The URI with the proxy in place of the server. */
  uri: string
  /** How often an answer was thrown away. */
  cuts(): number
  /** The next `times` requests that hold `text` reach the server; their answers are thrown away with their connections. */
  loseAnswersTo(text: string, times: number): void
  close(): Promise<void>
}

/** A way to MongoDB that breaks when it is told to: a real server that did the work, and a client that cannot know. */
export async function cutProxy(mongodbUri: string): Promise<CutProxy> {
  const target = new URL(mongodbUri)
  const sockets = new Set<Socket>()
  let marker: Buffer | undefined
  let left = 0
  let cuts = 0

  const server = createServer(client => {
    const upstream = connect(Number(target.port), target.hostname)
    let losesAnswer = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', chunk => {
      if (marker && left > 0 && chunk.includes(marker)) {
        left -= 1
        losesAnswer = true
      }
      upstream.write(chunk)
    })
    upstream.on('data', chunk => {
      if (!losesAnswer) return void client.write(chunk)
      cuts += 1
      client.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    uri: `mongodb://127.0.0.1:${port}/?directConnection=true`,
    cuts: () => cuts,
    loseAnswersTo: (text, times) => {
      marker = Buffer.from(text)
      left = times
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
