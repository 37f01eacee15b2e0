import { expect, test } from 'vitest'
import { KEEP_ALIVE_MS, KEEP_ALIVE_SPARE_MS } from '../src/limits.ts'
import { points } from './requests.ts'
import { runningApp } from './running-app.ts'

/** The ingress where a connection may be idle for `idleMs`. */
async function ingressWith({ idleMs }: { idleMs: number }) {
  const ingress = await runningApp(async () => undefined)
  ingress.app.server.keepAliveTimeout = idleMs
  ingress.app.server.keepAliveTimeoutBuffer = 0
  return ingress
}

/** As a process that is busy, or has no processor: nothing else happens. */
function stall(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs)
}

test('a request that comes while the process is busy is answered, though its connection has been idle for too long by then', async () => {
  const ingress = await ingressWith({ idleMs: 50 })
  const client = ingress.connect().send(points())
  expect((await client.answer())?.statusCode).toBe(200)
  client.send(points())
  stall(200)
  expect((await client.answer())?.statusCode).toBe(200)
  client.close()
  await ingress.app.close()
})

test('a connection ends when nothing came for its keep-alive time', async () => {
  const ingress = await ingressWith({ idleMs: 50 })
  const client = ingress.connect().send(points())
  expect((await client.answer())?.statusCode).toBe(200)
  await client.closed()
  await ingress.app.close()
})

test('a connection may be idle for longer than the client is told, by more than a busy client is late', async () => {
  const ingress = await runningApp(async () => undefined)
  const { headers } = (await ingress.ask(points())) ?? {}
  expect(headers).toMatchObject({ connection: 'keep-alive', 'keep-alive': `timeout=${KEEP_ALIVE_MS / 1_000}` })
  expect(ingress.app.server.keepAliveTimeoutBuffer).toBe(KEEP_ALIVE_SPARE_MS)
  await ingress.app.close()
})
