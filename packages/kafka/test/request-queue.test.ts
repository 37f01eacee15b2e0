import { createRequire } from 'node:module'
import { expect, onTestFinished, test, vi } from 'vitest'

interface RequestQueue {
  scheduleRequestTimeoutCheck(): void
  push(request: {
    entry: { correlationId: number; resolve: () => void; reject: (error: Error) => void }
    expectResponse: boolean
    sendRequest: () => void
    requestTimeout?: number
  }): void
  fulfillRequest(response: { correlationId: number; size: number; payload: null }): void
  destroy(): void
}

const load = createRequire(import.meta.url)
const Queue: new (options: object) => RequestQueue = load('kafkajs/src/network/requestQueue')

/** As it is in a connection, with requests of 1,000 ms where they do not say otherwise. */
function connected(maxInFlightRequests: number | null = null) {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const logger = { debug() {}, warn() {} }
  const queue = new Queue({ maxInFlightRequests, requestTimeout: 1_000, enforceRequestTimeout: true, logger })
  queue.scheduleRequestTimeoutCheck()
  const over: number[] = []
  return {
    queue,
    over,
    send: (correlationId: number, requestTimeout?: number) =>
      queue.push({
        entry: { correlationId, resolve() {}, reject: () => over.push(correlationId) },
        expectResponse: true,
        sendRequest() {},
        ...(requestTimeout !== undefined && { requestTimeout }),
      }),
  }
}

test('a connection with nothing in flight has no timer', async () => {
  const { queue, send, over } = connected()
  expect(vi.getTimerCount()).toBe(0)
  send(1)
  queue.fulfillRequest({ correlationId: 1, size: 0, payload: null })
  await vi.advanceTimersByTimeAsync(1_100)
  expect(vi.getTimerCount()).toBe(0)
  expect(over).toEqual([])
})

test('a connection with many requests in flight has one timer', () => {
  const { send } = connected()
  for (let n = 1; n <= 50; n++) send(n)
  expect(vi.getTimerCount()).toBe(1)
})

test('each request ends when its own time is over, whatever else is in flight', async () => {
  const { queue, send, over } = connected()
  send(1, 30_000)
  await vi.advanceTimersByTimeAsync(500)
  send(2)
  await vi.advanceTimersByTimeAsync(500)
  send(3)
  await vi.advanceTimersByTimeAsync(400)
  expect(over).toEqual([])
  await vi.advanceTimersByTimeAsync(200)
  expect(over).toEqual([2])
  await vi.advanceTimersByTimeAsync(500)
  expect(over).toEqual([2, 3])
  await vi.advanceTimersByTimeAsync(28_000)
  expect(over).toEqual([2, 3, 1])
  expect(vi.getTimerCount()).toBe(0)
  queue.destroy()
})

test('a request that waited for another which was over time has its own time', async () => {
  const { send, over } = connected(1)
  send(1)
  send(2)
  await vi.advanceTimersByTimeAsync(1_100)
  expect(over).toEqual([1])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(over).toEqual([1, 2])
})

test('a connection that is closed leaves no timer', () => {
  const { queue, send } = connected()
  send(1)
  queue.destroy()
  expect(vi.getTimerCount()).toBe(0)
})
