import { type Answers, NOT_SENT } from './plan.ts'

/** A load that is over. */
export interface Sent {
  /** As its plan had it. */
  readonly orders: string
  readonly answers: Answers
  /** Webhooks of an order that the plan's loop sent one after another. */
  readonly perOrder: number
}

/**
 * What the topic has of a load, record by record, those of a partition in their order; then what is amiss. What was
 * refused may be there all the same: Kafka can store a record after the ingress has given it up.
 */
export function storedOf({ orders, answers: { status }, perOrder }: Sent) {
  const times = new Uint8Array(status.length)
  const lastStep = new Map<number, { readonly partition: number; step: number }>()
  let strangers = 0
  let outOfOrder = 0

  return {
    add(partition: number, order: number, step: number): void {
      const n = order * perOrder + step
      if (n >= times.length) return void strangers++
      times[n] = (times[n] ?? 0) + 1
      if (perOrder === 1) return
      const last = lastStep.get(order)
      if (last === undefined) lastStep.set(order, { partition, step })
      else if (last.partition !== partition || last.step >= step) outOfOrder += 1
      else last.step = step
    },
    amiss(): readonly string[] {
      const lost = status.reduce((sum, one, n) => sum + (one === 200 && times[n] === 0 ? 1 : 0), 0)
      const notSent = status.reduce((sum, one, n) => sum + (one === NOT_SENT && times[n] !== 0 ? 1 : 0), strangers)
      const twice = times.reduce((sum, one) => sum + (one > 1 ? 1 : 0), 0)
      return [
        ...(lost === 0 ? [] : [`${lost} webhooks of ${orders} were acked and are not stored`]),
        ...(notSent === 0 ? [] : [`${notSent} webhooks of ${orders} were not sent and are stored`]),
        ...(twice === 0 ? [] : [`${twice} webhooks of ${orders} are stored more than once`]),
        ...(outOfOrder === 0 ? [] : [`${outOfOrder} webhooks of ${orders} are stored out of their order's sequence`]),
      ]
    },
  }
}
