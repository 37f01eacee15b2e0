import type { Bench } from '../../bench.ts'
import { openLoad } from '../../load/load.ts'
import { type Answers, NO_ANSWER } from '../../load/plan.ts'
import { amissIn } from '../../load/read-back.ts'
import { median, percentile } from '../../statistics.ts'
import { tableOf } from '../../verdict.ts'
import { count, mib, ms } from '../../words.ts'
import { measuring } from './measure.ts'
import { SECRET, startVariant } from './receivers.ts'

const TARGET = {
  name: 'overload at twice capacity for 60 s: goodput against peak; p99 of the refusals',
  target: '≥ 0.9; ≤ 20 ms',
}
const GOODPUT_LEAST = 0.9
const REFUSALS_MOST_MS = 20

const WARM_MS = 5_000
const PEAK_ROUNDS = 5
const PEAK_MS = 4_000
const TIMES = 2
const SENT_LEAST = 1.9
const FOR_MS = 60_000
const SLICES = 6
/** More than may be in flight, or nothing would be refused. */
const CONNECTIONS = 8_000
/** What has found no free connection for so long is not sent, and is then no load. */
const MAX_LATE_MS = 1_000

/** Twice what the ingress takes, in an open loop: what it stores meanwhile, and how soon it says no to the rest. */
export const overload: Bench = {
  name: 'overload',
  about: 'twice the webhooks that the ingress can take, for 60 s: how many it stores, how soon it refuses the others',
  targets: [TARGET],
  mongodb: false,
  async run(stage) {
    const { progress } = stage
    const ingress = await startVariant(stage, 'ours')
    const sender = await openLoad(stage)
    const { closed, sent, notAcked } = measuring(sender)
    progress('warm-up')
    await closed(ingress, 'warm', WARM_MS)
    const peaks: number[] = []
    for (let n = 1; n <= PEAK_ROUNDS; n++) {
      const { ratePerS } = await closed(ingress, `peak-${n}`, PEAK_MS)
      peaks.push(ratePerS)
      progress(`peak, round ${n} of ${PEAK_ROUNDS}: ${count(Math.round(ratePerS))}/s`)
    }
    const peak = median(peaks)
    const ratePerS = Math.round(TIMES * peak)
    progress(`${count(ratePerS)}/s for ${FOR_MS / 1_000} s`)
    const before = await ingress.usage()
    const answers = await sender.open({
      url: ingress.url,
      ratePerS,
      forMs: FOR_MS,
      maxLateMs: MAX_LATE_MS,
      connections: CONNECTIONS,
      addresses: ['127.0.0.1'],
      orders: 'overload',
      secrets: [SECRET],
    })
    const after = await ingress.usage()
    progress('reading back what is stored')
    const amiss = await amissIn(stage, [...sent(), { orders: 'overload', answers, perOrder: 1 }])

    const whole = partOf(answers, 0, answers.status.length)
    const perSlice = Math.ceil(answers.status.length / SLICES)
    const slices = Array.from({ length: SLICES }, (_, n) => partOf(answers, n * perSlice, (n + 1) * perSlice))
    const goodput = (whole.acked * 1_000) / Math.max(FOR_MS, answers.elapsedMs) / peak
    const { p99Ms } = whole.refusals
    const times = ((whole.acked + whole.refused + whole.unanswered) * 1_000) / FOR_MS / peak
    const ended = ingress.ended()
    const cores = (cpuMs: number) => `${(cpuMs / answers.elapsedMs).toFixed(2)} cores`
    return {
      tables: [
        tableOf('overload', [
          {
            what: 'peak, closed loop of 64 connections',
            value: `${peaks.map(one => count(Math.round(one))).join(', ')} /s`,
          },
          { what: `sent, over ${count(CONNECTIONS)} connections`, value: `${times.toFixed(2)} times the peak` },
          {
            what: 'acked / refused / unanswered',
            value: `${count(whole.acked)} / ${count(whole.refused)} / ${count(whole.unanswered)}`,
          },
          { what: 'goodput against peak', value: goodput.toFixed(2) },
          { what: 'refusals from when they were sent: p50 / p99', value: `${ms(whole.refusals.p50Ms)} / ${ms(p99Ms)}` },
          { what: 'p99 from when they were due', value: ms(whole.refusals.p99FromDueMs) },
          { what: 'refusals, p99 by 10 s', value: slices.map(one => ms(one.refusals.p99Ms)).join(', ') },
          {
            what: 'acks from when they were sent: p50 / p99',
            value: `${ms(whole.acks.p50Ms)} / ${ms(whole.acks.p99Ms)}`,
          },
          {
            what: 'the ingress / what makes the load',
            value: `${cores(after.cpuMs - before.cpuMs)} / ${cores(answers.cpuMs)}`,
          },
          { what: 'RSS before / after', value: `${mib(before.rssBytes)} / ${mib(after.rssBytes)}` },
        ]),
      ],
      results: [
        {
          ...TARGET,
          value: [goodput, p99Ms],
          holds: goodput >= GOODPUT_LEAST && p99Ms <= REFUSALS_MOST_MS,
          rounds: [{ peaks, ratePerS, times }, ...slices],
        },
      ],
      voids: [
        ...notAcked(),
        ...amiss,
        ...(times >= SENT_LEAST ? [] : [`only ${times.toFixed(2)} times the peak could be sent`]),
        ...(ended === undefined ? [] : [`the ingress ended: ${ended}`]),
      ],
    }
  },
}

/** Of the webhooks from number `from` to before `to`. */
function partOf({ status, lateMs, tookMs }: Answers, from: number, to: number) {
  const statuses = status.subarray(from, to)
  const late = lateMs.subarray(from, to)
  const fromDue = tookMs.subarray(from, to)
  const fromSent = fromDue.map((one, n) => one - (late[n] ?? 0))
  const of = (times: Float32Array, wanted: number) => times.filter((_, n) => statuses[n] === wanted)
  const times = (wanted: number) => ({
    p50Ms: percentile(of(fromSent, wanted), 0.5),
    p99Ms: percentile(of(fromSent, wanted), 0.99),
    p99FromDueMs: percentile(of(fromDue, wanted), 0.99),
  })
  return {
    acked: of(fromSent, 200).length,
    refused: of(fromSent, 503).length,
    unanswered: of(fromSent, NO_ANSWER).length,
    acks: times(200),
    refusals: times(503),
  }
}
