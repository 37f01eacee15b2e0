import type { TableData } from '../../bench.ts'
import { median, percentile, spread } from '../../statistics.ts'
import { count } from '../../words.ts'
import { MEMBERS, type Sent } from './chain.ts'

/** When the last effect of each order was done, by its id, milliseconds since 1970. */
type Effects = ReadonlyMap<string, number>

/** Of one load: ms from the time at which each webhook was due. */
interface Latency {
  readonly ackP50: number
  readonly ackP99: number
  readonly effectP50: number
  readonly effectP99: number
}

/** Each webhook was about an order of its own. */
export function latencyOf({ orders, answers }: Sent, ratePerS: number, effects: Effects): Latency {
  const { startedMs, status, tookMs } = answers
  const untilEffect = Float32Array.from(status, (_, n) => {
    const dueMs = startedMs + (n * 1_000) / ratePerS
    return (effects.get(orderIdOf(orders, n)) ?? Number.POSITIVE_INFINITY) - dueMs
  })
  return {
    ackP50: percentile(tookMs, 0.5),
    ackP99: percentile(tookMs, 0.99),
    effectP50: percentile(untilEffect, 0.5),
    effectP99: percentile(untilEffect, 0.99),
  }
}

/** As many webhooks as were answered: a second, and what their effects took from the first webhook to the last effect. */
interface Most {
  readonly ackedPerS: number
  readonly ackP50: number
  readonly ackP99: number
  readonly effectsPerS: number
}

export function mostOf({ orders, answers, acked }: Sent, effects: Effects): Most {
  const { startedMs, elapsedMs, tookMs } = answers
  let lastMs = startedMs
  for (const [orderId, atMs] of effects) if (orderId.startsWith(`${orders}-`)) lastMs = Math.max(lastMs, atMs)
  return {
    ackedPerS: (acked * 1_000) / elapsedMs,
    ackP50: percentile(tookMs, 0.5),
    ackP99: percentile(tookMs, 0.99),
    effectsPerS: (acked * 1_000) / (lastMs - startedMs),
  }
}

/** As the load writes it. */
function orderIdOf(orders: string, order: number): string {
  return `${orders}-${`${order}`.padStart(9, '0')}`
}

export function latencyTable(all: readonly { ratePerS: number; rounds: readonly Latency[] }[]): TableData {
  const columns = [
    ['answer: p50 ms', 'ackP50'],
    ['answer: p99 ms', 'ackP99'],
    ['effect: p50 ms', 'effectP50'],
    ['effect: p99 ms', 'effectP99'],
  ] as const
  return {
    head: ['min / median / max of the rounds', ...columns.map(([head]) => head)],
    rows: all.map(({ ratePerS, rounds }) => [
      `${count(ratePerS)}/s`,
      ...columns.map(([, figure]) =>
        spread(rounds.map(one => one[figure]))
          .map(one => one.toFixed(1))
          .join(' / '),
      ),
    ]),
  }
}

export function mostTable(rounds: readonly Most[]): TableData {
  const told = (figure: keyof Most, digits: number) =>
    spread(rounds.map(one => one[figure]))
      .map(one => count(Number(one.toFixed(digits))))
      .join(' / ')
  return {
    head: ['64 connections, as fast as they are answered', 'min / median / max'],
    rows: [
      ['webhooks acked in a second', told('ackedPerS', 0)],
      ['answer: p50 ms', told('ackP50', 1)],
      ['answer: p99 ms', told('ackP99', 1)],
      ['effects in a second, to the last one', told('effectsPerS', 0)],
    ],
  }
}

export function cpuTable(all: readonly { name: string; loads: readonly Sent[] }[]): TableData {
  return {
    head: ['median CPU µs for each webhook', ...MEMBERS],
    rows: all.map(({ name, loads }) => [
      name,
      ...MEMBERS.map(member => median(loads.map(({ cpuUs }) => cpuUs[member])).toFixed(0)),
    ]),
  }
}
