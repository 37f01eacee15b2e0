import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { expect } from 'vitest'
import type { TargetContext } from '../src/target-request.ts'

/** The context of one attempt; `key` and `order` say which. */
export function contextOf(order: string, more: { key?: string; signal?: AbortSignal } = {}): TargetContext {
  return {
    effectKey: more.key ?? `key-of-${order}`,
    effect: 'order',
    signal: more.signal ?? new AbortController().signal,
    event: {
      source: 'points',
      order_id: order,
      event: 'approved',
      version: '1760000000000.0000000000.30.0123456789abcdef',
    },
  }
}

/** What was thrown; fails when nothing was. */
export async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('nothing')
  const thrown = await promise.then(
    () => nothing,
    (error: unknown) => error,
  )
  if (thrown === nothing) throw new Error('nothing was thrown')
  return thrown
}

/** A target that does what the sandboxes do not; `connections` counts the sockets it saw. */
export async function startServer(
  listener: RequestListener,
): Promise<{ url: string; connections: () => number; close: () => Promise<void> }> {
  let connections = 0
  const server = createServer(listener)
  server.on('connection', () => (connections += 1))
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    connections: () => connections,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export type LedgerRow = {
  order_id: string
  source: string
  event: string
  effect: string
  key: string
  version: string
  executed: boolean
  status: number
  fault?: string
  body_digest?: string
}

export async function ledgerOf(target: string): Promise<LedgerRow[]> {
  const { entries }: { entries: LedgerRow[] } = JSON.parse(await (await fetch(`${target}/ledger`)).text())
  return entries
}

export async function setFault(target: string, fault: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${target}/faults`, { method: 'PUT', headers, body: JSON.stringify(fault) })
  if (!response.ok) throw new Error(`PUT /faults: ${response.status}`)
}

export async function bitesOf(target: string): Promise<number> {
  const { bites }: { bites: number } = JSON.parse(await (await fetch(`${target}/faults`)).text())
  return bites
}

/** Waits until the fact holds. */
export function eventually<T>(fact: () => Promise<T>): ReturnType<typeof expect.poll<T>> {
  return expect.poll(fact, { timeout: 20_000 })
}
