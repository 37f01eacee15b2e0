import { expect } from 'vitest'
import { RawClient } from './raw-client.ts'

export interface StreamOptions {
  readonly port: number
  readonly connections: number
  /** The n-th request of a connection; `made` tells with which secret. */
  readonly request: (connection: number, n: number) => { readonly bytes: Buffer; readonly made: string }
}

/** Requests one after another on several connections, until it is stopped. */
export function stream({ port, connections, request }: StreamOptions) {
  const answers = new Map<string, number>()
  const last = new Map<number, string>()
  let going = true

  async function send(connection: number): Promise<void> {
    const client = new RawClient(port)
    for (let n = 0; going; n++) {
      const { bytes, made } = request(connection, n)
      const answer = await client.send(bytes).answer()
      const key = `${made} ${answer?.statusCode}`
      answers.set(key, (answers.get(key) ?? 0) + 1)
      last.set(connection, made)
    }
    client.close()
  }
  const ended = Promise.all(Array.from({ length: connections }, (_, connection) => send(connection)))

  return {
    /** How often each answer was given, by `<secret> <status>`. */
    answers: () => Object.fromEntries(answers),
    /** Until so many more requests with this secret were answered. */
    async more(made: string, count: number): Promise<void> {
      const sum = () => [...answers].filter(([key]) => key.startsWith(`${made} `)).reduce((all, [, n]) => all + n, 0)
      const enough = sum() + count
      await expect.poll(sum, { timeout: 30_000 }).toBeGreaterThanOrEqual(enough)
    },
    /** Until the last answer on each connection was to a request with this secret. */
    only: (made: string) =>
      expect
        .poll(() => [...last.values()].every(one => one === made) && last.size, { timeout: 30_000 })
        .toBe(connections),
    async stop(): Promise<void> {
      going = false
      await ended
    },
  }
}
