import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'
import type { Bench } from '../bench.ts'
import { outcomeOf, tableOf } from '../verdict.ts'
import { startWatchedIngress, type WatchedIngress } from '../ingress.ts'
import { openLoad } from '../load/load.ts'
import { longest } from '../loop/blocks.ts'
import type { Longest } from '../loop/blocks.ts'
import { type Memory, memoryOf } from '../memory.ts'
import { counted, percentile } from '../statistics.ts'
import { counts, mib, ms } from '../words.ts'
import { worstBodies } from '../worst-bodies.ts'

const SECRET = 'bench-points-secret-7d1f04c9e2'
const MOST_MS = 50
const ALONE = 5
const AT_ONCE = 50
const GOOD_PER_S = 100
const SHOWN = 5
/** What the process told of a case is written by then. */
const SETTLE_MS = 100

interface Case {
  readonly name: string
  readonly alone: Longest
  readonly atOnce: Longest
  readonly statuses: Readonly<Record<string, number>>
}

const TARGET = {
  name: 'ingress-bad-input',
  target: `the event loop is never blocked for more than ${MOST_MS} ms, and the process goes on`,
}

/** The worst bodies, one after another and many at a time, beside good ones. */
export const badInput: Bench = {
  name: TARGET.name,
  about: `bodies of 1 MiB that take longest to read, one after another and ${AT_ONCE} at a time, beside good ones`,
  targets: [TARGET],
  mongodb: false,
  async run(stage) {
    const { session, progress } = stage
    const ingress = await startWatchedIngress(stage, { POINTS_WEBHOOK_SECRET: SECRET })
    const bodies = worstBodies()
    const plan = {
      url: ingress.url,
      ratePerS: GOOD_PER_S,
      connections: 16,
      addresses: ['127.0.0.1'],
      secrets: [{ id: 'good', secret: SECRET }],
    }
    const sender = await openLoad(stage)
    await sender.run({ ...plan, forMs: 5_000, orders: 'warm' }).done
    const pool = new Pool(ingress.url, { connections: AT_ONCE })
    stage.onClose(() => pool.destroy())
    for (const { body } of bodies) await post(pool, body)

    const memoryBefore = await memoryOf(ingress)
    const good = keepSending(() => sender.run({ ...plan, forMs: 10_000, orders: 'beside' }).done)
    const cases: Case[] = []
    for (const { name, body } of bodies) {
      session.signal.throwIfAborted()
      const statuses: number[] = []
      const alone = await observe(ingress, async () => {
        for (let n = 0; n < ALONE; n++) statuses.push(await post(pool, body))
      })
      const atOnce = await observe(ingress, async () => {
        statuses.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => post(pool, body)))))
      })
      cases.push({ name, alone, atOnce, statuses: counted(statuses) })
      progress(
        `${name}: ${ms(alone.ownMs)} alone, ${ms(atOnce.ownMs)} with ${AT_ONCE} at a time; ${counts(counted(statuses))}`,
      )
    }
    const beside = await good.stop()
    await delay(2_000, undefined, session)
    return judge(ingress, { cases, beside, memoryBefore, memoryAfter: await memoryOf(ingress) })
  },
}

/** What the event loop did while something was sent. */
async function observe(ingress: WatchedIngress, send: () => Promise<void>): Promise<Longest> {
  const from = Date.now()
  await send()
  await delay(SETTLE_MS)
  return longest(await ingress.observed(), from - 1, Date.now())
}

async function post(pool: Pool, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-webhook-secret': SECRET }
  const answer = await pool.request({ method: 'POST', path: '/webhooks/points', headers, body })
  await answer.body.dump()
  return answer.statusCode
}

/** One load after another until it is stopped; resolves with all samples. */
function keepSending<T>(load: () => Promise<readonly T[]>) {
  let going = true
  const all = (async () => {
    const samples: T[] = []
    while (going) samples.push(...(await load()))
    return samples
  })()
  all.catch(() => {})
  return {
    stop(): Promise<readonly T[]> {
      going = false
      return all
    },
  }
}

interface Measured {
  readonly cases: readonly Case[]
  readonly beside: readonly { readonly status: number; readonly tookMs: number }[]
  readonly memoryBefore: Memory
  readonly memoryAfter: Memory
}

function judge(ingress: WatchedIngress, measured: Measured) {
  const { cases, beside, memoryBefore, memoryAfter } = measured
  const worst = (how: 'alone' | 'atOnce') => cases.toSorted((a, b) => b[how].ownMs - a[how].ownMs)
  const told = (how: 'alone' | 'atOnce') =>
    worst(how)
      .slice(0, SHOWN)
      .map(one => ({
        what: `${how === 'alone' ? 'one after another' : `${AT_ONCE} at a time`}: ${one.name}`,
        value: `${ms(one[how].ownMs)}, of that GC ${ms(one[how].gcMs)}; by the clock ${ms(one[how].lateMs)}`,
      }))
  const largest = Math.max(...cases.flatMap(({ alone, atOnce }) => [alone.ownMs, atOnce.ownMs]))
  const took = beside.map(({ tookMs }) => tookMs)
  const notAcked = beside.filter(({ status }) => status !== 200).length
  return outcomeOf(TARGET, {
    table: tableOf('ingress-bad-input', [
      ...told('alone'),
      ...told('atOnce'),
      { what: 'good requests beside them', value: counts(counted(beside.map(({ status }) => status))) },
      { what: 'p50 / p99 of these', value: `${ms(percentile(took, 0.5))} / ${ms(percentile(took, 0.99))}` },
      { what: 'RSS before / after', value: `${mib(memoryBefore.rss)} / ${mib(memoryAfter.rss)}` },
      { what: 'heap in use before / after', value: `${mib(memoryBefore.heap)} / ${mib(memoryAfter.heap)}` },
    ]),
    misses: [
      ...(largest <= MOST_MS ? [] : [`the event loop was blocked for ${ms(largest)}`]),
      ...(notAcked === 0 ? [] : [`${notAcked} good requests were not answered 200`]),
      ...(ingress.ended() === undefined ? [] : [`the ingress ended: ${ingress.ended()}`]),
    ],
    samples: measured,
  })
}
