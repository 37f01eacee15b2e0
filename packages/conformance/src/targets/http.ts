import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { LOOPBACK } from '@hookline/local'
import type { Recorder } from './recorder.ts'
import type { RawRequest } from './request.ts'

/** A target as a service reaches it. */
export interface Served {
  readonly url: string
  /** Ends its connections, so that a target that is down keeps none. */
  hangUp(): void
  close(): Promise<void>
}

/** An HTTP API for which any path and any method will do. It writes down every request and drops no repeated key. */
export async function serveHttp(target: string, recorder: Recorder): Promise<Served> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    void serve(target, recorder, request, response).catch(() => response.destroy()) // who asked is gone
  })
  server.on('connection', socket => {
    if (recorder.down) {
      recorder.refused++
      socket.resetAndDestroy()
      return
    }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, LOOPBACK, resolve)
  })
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a server that listens on a port says
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    hangUp,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        hangUp()
      }),
  }
}

async function serve(
  target: string,
  recorder: Recorder,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request)
  const { answer, end } = recorder.begin(rawOf(target, request, body))
  response.once('close', () => end({ kind: 'left' }))
  switch (answer.kind) {
    case 'ok':
      if (answer.afterMs !== undefined) await left(response, answer.afterMs)
      if (response.destroyed) return
      respond(response, 200)
      end({ kind: 'answered', status: 200 })
      answer.afterwards?.()
      return
    case 'refuse':
      respond(response, answer.status)
      end({ kind: 'answered', status: answer.status })
      return
    case 'cut':
      end({ kind: 'cut' })
      request.socket.resetAndDestroy()
      return
    case 'never':
  }
}

function respond(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(status < 300 ? '{}' : JSON.stringify({ code: `conformance_${status}` }))
}

/** Resolves after so long, or when who asked has left. */
function left(response: ServerResponse, ms: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    response.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function rawOf(target: string, { headers, method = '', url = '' }: IncomingMessage, body: Buffer): RawRequest {
  const key = headers['idempotency-key']
  const header = headers['x-hookline-event']
  return {
    target,
    header: typeof header === 'string' ? header : undefined,
    key: typeof key === 'string' ? key : '',
    text: `${url} ${body.toString('utf8')}`,
    shape: `${method} ${url.replaceAll(/[0-9a-f-]{36}/g, '…')}`,
    digest: createHash('sha256').update(`${method} ${url} `).update(body).digest('hex').slice(0, 16),
  }
}
