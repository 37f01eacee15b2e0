import type { Bench, TableData } from '../../bench.ts'
import { openLoad } from '../../load/load.ts'
import { amissIn } from '../../load/read-back.ts'
import { median, spread } from '../../statistics.ts'
import { atLeast, atMost, ratio } from '../../verdict.ts'
import { count, mib, ms, us } from '../../words.ts'
import { measuring, type Round } from './measure.ts'
import { type Receiver, startVariant, TOLD, type Variant, VARIANTS } from './receivers.ts'

const ROUNDS = 5
const WARM_MS = 5_000
const CLOSED_MS = 4_000
const OPEN_MS = 5_000

const RATE = {
  name: 'ingress rate, against Fastify + kafkajs send per request / + @platformatic/kafka with a fair coalescer',
  target: '≥ 3× / ≥ 1.1×',
}
const CPU_PER_REQUEST = {
  name: 'ingress CPU per event, against Fastify + kafkajs send per request',
  target: '≤ 0.3×',
}
const CPU_IN_BATCHES = {
  name: 'ingress CPU per event, against Fastify + @platformatic/kafka with a fair coalescer',
  target: '≤ 0.85×',
}
const CPU_VERIFY_ONLY = {
  name: 'ingress CPU per event, against Fastify that verifies and does not publish',
  target: '≤ 1.3×',
}
const LATENCY = {
  name: "ack latency at half of the naive peer's capacity, open loop: p99 against that peer",
  target: '≤ 0.5×',
}

type Rounds = Readonly<Record<Variant, Round[]>>

/** Ours beside what a team would write: as fast as 64 connections go, then at a rate that the naive peer bears. */
export const ingress: Bench = {
  name: 'ingress',
  about: 'rate, CPU per event and ack latency, beside Fastify with kafkajs, with @platformatic/kafka, and alone',
  targets: [RATE, CPU_PER_REQUEST, CPU_IN_BATCHES, CPU_VERIFY_ONLY, LATENCY],
  mongodb: false,
  async run(stage) {
    const { progress } = stage
    const receivers: (readonly [Variant, Receiver])[] = []
    for (const variant of VARIANTS) receivers.push([variant, await startVariant(stage, variant)])
    const { closed: sendClosed, open: sendOpen, sent, notAcked } = measuring(await openLoad(stage))
    for (const [variant, receiver] of receivers) {
      progress(`warm-up: ${TOLD[variant]}`)
      await sendClosed(receiver, `warm-${variant}`, WARM_MS)
    }

    const closed = noRounds()
    for (let n = 1; n <= ROUNDS; n++) {
      for (const [variant, receiver] of receivers) {
        const round = await sendClosed(receiver, `closed-${n}-${variant}`, CLOSED_MS)
        closed[variant].push(round)
        const { ratePerS, cpuUs } = round
        progress(`round ${n} of ${ROUNDS}: ${TOLD[variant]}: ${count(Math.round(ratePerS))}/s, ${us(cpuUs)} per event`)
      }
    }
    const ratePerS = Math.round(median(closed['send-per-request'].map(one => one.ratePerS)) / 2)
    const open = noRounds()
    for (let n = 1; n <= ROUNDS; n++) {
      for (const [variant, receiver] of receivers) {
        if (variant !== 'send-per-request' && variant !== 'ours') continue
        const round = await sendOpen(receiver, `open-${n}-${variant}`, { ratePerS, forMs: OPEN_MS })
        open[variant].push(round)
        progress(`round ${n} of ${ROUNDS}: ${TOLD[variant]} at ${count(ratePerS)}/s: p99 ${ms(round.p99Ms)}`)
      }
    }
    progress('reading back what is stored')
    const amiss = await amissIn(
      stage,
      sent().filter(({ orders }) => !orders.endsWith('verify-only')),
    )
    const ended = receivers.flatMap(([variant, { ended: how }]) =>
      how() === undefined ? [] : [`${TOLD[variant]} ended: ${how()}`],
    )
    return {
      tables: [closedTable(closed), openTable(open, ratePerS)],
      results: resultsOf(closed, open),
      voids: [...notAcked(), ...amiss, ...ended],
    }
  },
}

function noRounds(): Rounds {
  return { 'verify-only': [], 'send-per-request': [], 'send-in-batches': [], ours: [] }
}

function resultsOf(closed: Rounds, open: Rounds) {
  const of = (figure: keyof Round, rounds: Rounds) => (variant: Variant) => rounds[variant].map(one => one[figure])
  const [rate, cpu, p99] = [of('ratePerS', closed), of('cpuUs', closed), of('p99Ms', open)]
  const against = (peer: Variant) => [ratio(cpu('ours'), cpu(peer))]
  const rates = [ratio(rate('ours'), rate('send-per-request')), ratio(rate('ours'), rate('send-in-batches'))]
  const inTurn = (rounds: Rounds) =>
    rounds.ours.map((_, n) => Object.fromEntries(VARIANTS.map(one => [one, rounds[one][n]])))
  return [
    atLeast(RATE, [3, 1.1], rates, inTurn(closed)),
    atMost(CPU_PER_REQUEST, [0.3], against('send-per-request'), inTurn(closed)),
    atMost(CPU_IN_BATCHES, [0.85], against('send-in-batches'), inTurn(closed)),
    atMost(CPU_VERIFY_ONLY, [1.3], against('verify-only'), inTurn(closed)),
    atMost(LATENCY, [0.5], [ratio(p99('ours'), p99('send-per-request'))], inTurn(open)),
  ]
}

function closedTable(closed: Rounds): TableData {
  return {
    head: [
      '64 connections',
      'requests/s: min',
      'median',
      'max',
      'CPU µs/event: min',
      'median',
      'max',
      'p50 ms',
      'p99 ms',
      'RSS',
      'load: µs/event',
    ],
    rows: VARIANTS.map(variant => {
      const rounds = closed[variant]
      const middle = (figure: keyof Round) => median(rounds.map(one => one[figure]))
      return [
        TOLD[variant],
        ...spread(rounds.map(one => one.ratePerS)).map(one => count(Math.round(one))),
        ...spread(rounds.map(one => one.cpuUs)).map(one => one.toFixed(1)),
        middle('p50Ms').toFixed(1),
        middle('p99Ms').toFixed(1),
        mib(middle('rssBytes')),
        middle('loadCpuUs').toFixed(1),
      ]
    }),
  }
}

function openTable(open: Rounds, ratePerS: number): TableData {
  return {
    head: [
      `${count(ratePerS)}/s`,
      'p50 ms: min',
      'median',
      'max',
      'p99 ms: min',
      'median',
      'max',
      'CPU µs/event',
      'load: µs/event',
    ],
    rows: (['send-per-request', 'ours'] as const).map(variant => [
      TOLD[variant],
      ...spread(open[variant].map(one => one.p50Ms)).map(one => one.toFixed(1)),
      ...spread(open[variant].map(one => one.p99Ms)).map(one => one.toFixed(1)),
      median(open[variant].map(one => one.cpuUs)).toFixed(1),
      median(open[variant].map(one => one.loadCpuUs)).toFixed(1),
    ]),
  }
}
