import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type { ConsumerName } from '../../src/demo/judged.ts'
import type { Stack } from '../../src/stack.ts'
import { waitFor } from '../../src/wait-for.ts'
import { instanceOf } from './metrics.ts'

/**
 * Ends the only process of a service in its own time, does the task while there is none, and lets the next one start.
 * What keeps the next one away is its admin port, which is taken.
 */
export async function whileStopped(stack: Stack, service: ConsumerName, task: () => Promise<void>): Promise<void> {
  const { admin } = instanceOf(stack.info, service)
  const port = Number(new URL(admin).port)
  stack.kill(service, 0, 'SIGTERM')
  const server = await waitFor(`the end of ${service}`, () => listen(port), { limitMs: 30_000 })
  try {
    await task()
  } finally {
    server.close()
    await once(server, 'close')
  }
  const ready = async () => {
    const { ok } = await fetch(`${admin}/readyz`, { signal: AbortSignal.timeout(2_000) })
    return ok ? true : undefined
  }
  await waitFor(`a new ${service}`, ready, { limitMs: 60_000 })
}

/** A server that hangs up on everybody; rejects while the port is taken. */
async function listen(port: number): Promise<Server> {
  const server = createServer(socket => socket.destroy()).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
