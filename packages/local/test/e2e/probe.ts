import { setTimeout as delay } from 'node:timers/promises'
import type { StackInfo } from '../../src/stack-file.ts'
import { waitFor } from '../../src/wait-for.ts'
import { type Answer, post } from './sender.ts'
import { hc, newOrderId, points, START_MS, type Webhook } from './webhooks.ts'

/** A sender gives up after ten; the ingress promises half of it. */
const ANSWER_LIMIT_MS = 5_000
const SENDERS = 4
const LIMIT_MS = 90_000

interface Delivery {
  readonly webhook: Webhook
  /** `none`: no answer within five seconds. */
  readonly answer: Answer | 'none'
}

/** Posts webhooks of both sources, each of an order of its own, and notes how the ingress answers. */
export interface Probe {
  readonly deliveries: readonly Delivery[]
  accepted(): readonly Delivery[]
  refused(): readonly Delivery[]
  /** Answers that are neither 200 nor 503 with when to try again, or that did not come within five seconds. */
  wrong(): readonly Delivery[]
  /** Posts until `during` is over. */
  whilePosting(during: () => Promise<void>): Promise<void>
  /** Resolves when so many more webhooks of each source were accepted. */
  acceptedMore(count: number): Promise<void>
  refusedMore(count: number): Promise<void>
}

export function probe(info: () => StackInfo): Probe {
  const deliveries: Delivery[] = []
  const answered = (status: number) => deliveries.filter(({ answer }) => answer !== 'none' && answer.status === status)
  const acceptedOf = (source: string) => answered(200).filter(({ webhook }) => webhook.source === source).length

  async function postOne(n: number): Promise<void> {
    const make = n % 2 === 0 ? points : hc
    const event = n % 2 === 0 ? 'approved' : 'order.created'
    const webhook = make({ orderId: newOrderId(), event, atMs: START_MS })
    const answer = await post(info(), webhook, { timeoutMs: ANSWER_LIMIT_MS }).catch(() => 'none' as const)
    deliveries.push({ webhook, answer })
  }

  return {
    deliveries,
    accepted: () => answered(200),
    refused: () => answered(503),
    wrong: () =>
      deliveries.filter(({ answer }) => {
        if (answer === 'none') return true
        return answer.status === 503 ? !/^[1-9]\d*$/.test(answer.retryAfter ?? '') : answer.status !== 200
      }),
    async whilePosting(during) {
      let over = false
      const sender = async (n: number) => {
        while (!over) {
          await postOne(n)
          await delay(150) // the pace of the sender
        }
      }
      const senders = Array.from({ length: SENDERS }, (_, n) => sender(n))
      try {
        await during()
      } finally {
        over = true
        await Promise.all(senders)
      }
    },
    async acceptedMore(count) {
      const before = { points: acceptedOf('points'), hc: acceptedOf('hc') }
      const more = async () =>
        acceptedOf('points') >= before.points + count && acceptedOf('hc') >= before.hc + count ? true : undefined
      await waitFor(`${count} more accepted of each source`, more, { limitMs: LIMIT_MS })
    },
    async refusedMore(count) {
      const before = answered(503).length
      const more = async () => (answered(503).length >= before + count ? true : undefined)
      await waitFor(`${count} refusals`, more, { limitMs: LIMIT_MS })
    },
  }
}
