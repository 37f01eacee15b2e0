import type { LoadProcess } from '../../load/load.ts'
import { type Answers, NOT_SENT } from '../../load/plan.ts'
import type { Sent } from '../../load/stored.ts'
import { WEBHOOKS_OF_ORDER } from '../../load/webhooks.ts'
import { counted, percentile } from '../../statistics.ts'
import { counts } from '../../words.ts'
import { type Receiver, SECRET } from './receivers.ts'

/** A receiver under load for a few seconds. */
export interface Round {
  readonly ratePerS: number
  /** Of the receiver, for each webhook that it acked. */
  readonly cpuUs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly rssBytes: number
  /** Of the process that makes the load, for each webhook. */
  readonly loadCpuUs: number
}

export interface Measuring {
  /** As many webhooks as 64 connections bring, each order's one after another. `orders`: the first part of their ids. */
  closed(receiver: Receiver, orders: string, forMs: number): Promise<Round>
  /** Webhooks at their times; latency is from there. */
  open(receiver: Receiver, orders: string, plan: { readonly forMs: number; readonly ratePerS: number }): Promise<Round>
  /** All of them so far. */
  sent(): readonly Sent[]
  /** Sentences on answers that were not 200. */
  notAcked(): readonly string[]
}

const CONNECTIONS = 64

export function measuring(sender: LoadProcess): Measuring {
  const sent: Sent[] = []
  const notAcked: string[] = []

  async function observed(receiver: Receiver, orders: string, perOrder: number, load: () => Promise<Answers>) {
    const before = await receiver.usage()
    const answers = await load()
    const after = await receiver.usage()
    sent.push({ orders, answers, perOrder })
    const { acked, others } = told(answers)
    if (others !== '') notAcked.push(`of ${orders} not all were answered 200: ${others}`)
    const took = answers.tookMs.filter((_, n) => answers.status[n] === 200)
    return {
      ratePerS: (acked * 1_000) / answers.elapsedMs,
      cpuUs: ((after.cpuMs - before.cpuMs) * 1_000) / acked,
      p50Ms: percentile(took, 0.5),
      p99Ms: percentile(took, 0.99),
      rssBytes: after.rssBytes,
      loadCpuUs: (answers.cpuMs * 1_000) / acked,
    }
  }

  const sending = { connections: CONNECTIONS, addresses: ['127.0.0.1'], secrets: [SECRET] }
  return {
    closed: (receiver, orders, forMs) =>
      observed(receiver, orders, WEBHOOKS_OF_ORDER, () =>
        sender.closed({ ...sending, url: receiver.url, orders, forMs }),
      ),
    open: (receiver, orders, plan) =>
      observed(receiver, orders, 1, () => sender.open({ ...sending, ...plan, url: receiver.url, orders })),
    sent: () => sent,
    notAcked: () => notAcked,
  }
}

function told({ status }: Answers): { readonly acked: number; readonly others: string } {
  const acked = status.filter(one => one === 200).length
  const others = counted(status.filter(one => one !== 200 && one !== NOT_SENT))
  return { acked, others: Object.keys(others).length === 0 ? '' : counts(others) }
}
