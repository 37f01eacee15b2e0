import type { Answers } from './plan.ts'

/** A load that is over. */
export interface Sent {
  /** As its plan had it. */
  readonly orders: string
  readonly answers: Answers
  /** Webhooks of an order that the plan's loop sent one after another. */
  readonly perOrder: number
}

/** What the topic has of a load, record by record, those of a partition in their order; then what is amiss. */
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
      const notAcked = status.reduce((sum, one, n) => sum + (one !== 200 && times[n] !== 0 ? 1 : 0), strangers)
      const twice = times.reduce((sum, one) => sum + (one > 1 ? 1 : 0), 0)
      return [
        ...(lost === 0 ? [] : [`${lost} webhooks of ${orders} were acked and are not stored`]),
        ...(notAcked === 0 ? [] : [`${notAcked} webhooks of ${orders} were not acked and are stored`]),
        ...(twice === 0 ? [] : [`${twice} webhooks of ${orders} are stored more than once`]),
        ...(outOfOrder === 0 ? [] : [`${outOfOrder} webhooks of ${orders} are stored out of their order's sequence`]),
      ]
    },
  }
}
