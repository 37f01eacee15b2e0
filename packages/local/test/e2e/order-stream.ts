import { setTimeout as delay } from 'node:timers/promises'
import type { StackInfo } from '../../src/stack-file.ts'
import { waitFor } from '../../src/wait-for.ts'
import { LIFE_CYCLES } from './life-cycles.ts'
import { post } from './sender.ts'
import { hc, newOrderId, points, START_MS, type Webhook } from './webhooks.ts'

/** An order with all that ever happens to it, the oldest first. */
export interface StreamedOrder {
  readonly orderId: string
  readonly webhooks: readonly Webhook[]
}

export interface StreamOptions {
  readonly info: StackInfo
  readonly perSecond: number
  /** Asked between rounds of ten orders; every order that was begun is delivered to its end. */
  readonly goOn: (ordersSoFar: number) => boolean
}

const TOGETHER = 10
const LATE = 1 / 3
const TWICE = 1 / 5

/**
 * Delivers ever more orders, ten at a time, mixed: a third of the events late, so that they come in the wrong order, a
 * fifth of them twice. As the senders do it goes on with one that was not accepted until it is.
 */
export async function streamOrders({ info, perSecond, goOn }: StreamOptions): Promise<readonly StreamedOrder[]> {
  const orders: StreamedOrder[] = []
  while (goOn(orders.length)) {
    const round = Array.from({ length: TOGETHER }, (_, n) => newOrder(orders.length + n))
    orders.push(...round)
    const posts: Promise<true>[] = []
    for (const webhook of mixed(round)) {
      posts.push(postUntilAccepted(info, webhook))
      await delay(1_000 / perSecond) // the pace of the sender
    }
    await Promise.all(posts)
  }
  return orders
}

function mixed(orders: readonly StreamedOrder[]): readonly Webhook[] {
  return orders
    .flatMap(({ webhooks }) => webhooks.flatMap((webhook, n) => arrivals(n).map(at => ({ at, webhook }))))
    .toSorted((a, b) => a.at - b.at)
    .map(({ webhook }) => webhook)
}

/** When the nth event of an order arrives, in events of its life cycle. */
function arrivals(n: number): number[] {
  const at = n + Math.random() + (Math.random() < LATE ? 1 + 4 * Math.random() : 0)
  return Math.random() < TWICE ? [at, at + 3 * Math.random()] : [at]
}

/** As a sender does: after a refusal, or a connection that broke, it is sent again. */
export function postUntilAccepted(
  info: StackInfo,
  webhook: Webhook,
  { mayBreak = true }: { mayBreak?: boolean } = {},
): Promise<true> {
  const ask = async () => ((await post(info, webhook)).status === 200 ? true : undefined)
  return waitFor(`200 for ${webhook.event}`, ask, { limitMs: 60_000, everyMs: 500, giveUp: () => !mayBreak })
}

function newOrder(n: number): StreamedOrder {
  const { source, events } = LIFE_CYCLES[n % LIFE_CYCLES.length] ?? { source: 'points', events: [] }
  const orderId = newOrderId()
  const make = source === 'points' ? points : hc
  const webhooks = events.map(([event, atSeconds]) => make({ orderId, event, atMs: START_MS + atSeconds * 1_000 }))
  return { orderId, webhooks }
}
