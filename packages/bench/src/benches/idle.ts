import { setTimeout as delay } from 'node:timers/promises'
import { encodeRecord, type WebhookEvent } from '@hookline/contracts'
import { waitFor } from '@hookline/local'
import type { Bench, TableData } from '../bench.ts'
import { startService } from '../consumers/consumer.ts'
import { expected } from '../consumers/expected.ts'
import { lifelike } from '../consumers/feeds.ts'
import { type IdleSample, idleRounds } from '../idle/rounds.ts'
import { startStockConsumer } from '../idle/stock-consumer.ts'
import { startIngress } from '../ingress.ts'
import { openFill } from '../records/fill.ts'
import { median } from '../statistics.ts'
import { atMost, ratio } from '../verdict.ts'
import { count } from '../words.ts'

const SEED = 17
const WEBHOOKS = 3_000
/** What follows on work, such as commits and the collection of garbage, is over by then. */
const SETTLE_MS = 40_000
const TAKEN_WITHIN_MS = 60_000
const TOPICS = ['points.webhook', 'hc.webhook']
const SECRET = 'bench-points-secret-7d1f04c9e2'

const TARGET = { name: 'idle CPU of a connected service, against stock kafkajs', target: '≤ 1/10' }

export const idle: Bench = {
  name: 'idle',
  about:
    'a connected service while nothing comes, beside a consumer that does nothing with kafkajs as teams install it',
  targets: [TARGET],
  mongodb: true,
  async run(stage) {
    const { progress, session } = stage
    const fill = openFill(stage)
    const service = await startService(stage, { name: 'bench-idle', script: '../services/no-op.ts' })
    const peer = await startStockConsumer(stage, TOPICS)
    const ingress = await startIngress(stage, { POINTS_WEBHOOK_SECRET: SECRET })
    const all = expected()
    let sent = 0

    /** Both have worked before they are idle, and are connected still where they take what comes afterwards. */
    async function bothTake(events: readonly WebhookEvent[]): Promise<void> {
      all.add(events)
      sent += events.length
      for (const event of events) await fill('points.webhook', [encodeRecord(event)])
      const taken = async () => ((await service.handled(sent)) && (await peer.isThrough()) ? true : undefined)
      await waitFor('both take all', taken, { limitMs: TAKEN_WITHIN_MS, signal: session.signal })
    }

    const feed = lifelike(SEED)
    progress(`both take ${count(WEBHOOKS)} webhooks, one after another`)
    await bothTake(feed(WEBHOOKS))
    await delay(SETTLE_MS, undefined, session)
    progress('all are idle')
    const samples = await idleRounds(
      [
        { name: 'ours', pid: service.process.pid },
        { name: 'stock kafkajs', pid: peer.process.pid },
        { name: 'ingress', pid: ingress.pid },
      ],
      session.signal,
    )
    await bothTake(feed(1))
    const cpu = (name: string) => valuesOf(samples, name).map(({ cpuUsPerS }) => cpuUsPerS)
    return {
      tables: [tableOf(samples)],
      results: [atMost(TARGET, [0.1], [ratio(cpu('ours'), cpu('stock kafkajs'))], samples)],
      voids: await service.store.check(all),
    }
  },
}

function valuesOf(samples: readonly IdleSample[], name: string): readonly IdleSample[] {
  return samples.filter(({ of }) => of === name)
}

function tableOf(samples: readonly IdleSample[]): TableData {
  const names = [...new Set(samples.map(({ of }) => of))]
  const rows = names.map(name => {
    const own = valuesOf(samples, name)
    const cpu = own.map(({ cpuUsPerS }) => cpuUsPerS)
    const sleeps = own.flatMap(({ sleepsPerS }) => sleepsPerS ?? [])
    return [
      name,
      ...[Math.min(...cpu), median(cpu), Math.max(...cpu)].map(us => count(Math.round(us))),
      sleeps.length === 0 ? 'unknown' : count(Math.round(median(sleeps))),
    ]
  })
  return { head: ['idle: CPU µs in a second', 'min', 'median', 'max', 'wake-ups/s'], rows }
}
