import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { RawClient } from './raw-client.ts'
import { hc, hcBody, points, pointsBody } from './requests.ts'

/** `undefined` where the connection ended without an answer. */
export interface SenderAnswer {
  readonly statusCode: number | undefined
  readonly headers: Readonly<Record<string, string>>
  /** Of the answer's body. */
  readonly code: string | undefined
}

export type Sender = ReturnType<typeof sender>

/** Webhooks of one source on one connection, each of an order of its own; knows what was answered 200. */
export function sender(port: number, source: 'points' | 'hc') {
  const client = new RawClient(port)
  const acked: string[] = []

  function next(says: Readonly<Record<string, unknown>> = {}): { bytes: Buffer; body: string } {
    const id = randomUUID()
    const at = new Date().toISOString()
    if (source === 'points') {
      const body = pointsBody({ order: { id }, timestamp: at, ...says })
      return { bytes: points({ body }), body }
    }
    const body = hcBody({ id: `evt_${id}`, data: { id }, created_at: at, ...says })
    return { bytes: hc({ body }), body }
  }

  async function post(says?: Readonly<Record<string, unknown>>): Promise<SenderAnswer> {
    const { bytes, body } = next(says)
    const answer = await client.send(bytes).answer()
    if (answer?.statusCode === 200) acked.push(body)
    const { statusCode, headers = {} } = answer ?? {}
    return { statusCode, headers, code: answer === undefined ? undefined : JSON.parse(answer.body).code }
  }

  return {
    next,
    post,
    connected: () => once(client.socket, 'connect'),
    /** The bodies that were answered 200. */
    acked: (): readonly string[] => acked,
    ack: (body: string) => void acked.push(body),
    alsoAcked(other: { acked: () => readonly string[]; close: () => void }) {
      acked.push(...other.acked())
      other.close()
    },
    /** What was acked until now is not asked for. */
    forget: () => void acked.splice(0),
    /** Goes on until a webhook is accepted; whatever is refused on the way is refused with when to come back. */
    async untilAccepted(says?: Readonly<Record<string, unknown>>): Promise<void> {
      for (;;) {
        const answer = await post(says)
        if (answer.statusCode === 200) return
        expect(answer).toMatchObject({
          statusCode: 503,
          headers: { 'retry-after': expect.stringMatching(/^[1-9]\d*$/) },
        })
        await delay(50) // the pace of the sender
      }
    },
    /** The first answer that is not 200. */
    async untilRefused(): Promise<SenderAnswer> {
      for (;;) {
        const answer = await post()
        if (answer.statusCode !== 200) return answer
        await delay(50) // the pace of the sender
      }
    },
    close: () => client.close(),
  }
}
