import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { REPOSITORY, waitFor } from '@hookline/local'
import type { Bench } from '../bench.ts'
import { outcomeOf, tableOf } from '../verdict.ts'
import { startIngress } from '../ingress.ts'
import { openLoad } from '../load/load.ts'
import type { SenderSecret } from '../load/plan.ts'
import { counted, percentile } from '../statistics.ts'
import { count, counts, ms } from '../words.ts'

const RATE_PER_S = 1_000
const FOR_MS = 20_000
const CONNECTIONS = 64
const VALID = 'hookline_secrets_valid{source="points"}'

const TARGET = {
  name: 'ingress-rotation',
  target: 'no request is refused, all are stored, and afterwards the old secret is answered 401',
}

/** Old, both, new: the operator's commands, and a sender that takes the new secret bit by bit. */
export const rotation: Bench = {
  name: TARGET.name,
  about: 'a secret is rotated by `hookline secrets` while 1,000 webhooks a second come, for 20 s',
  targets: [TARGET],
  mongodb: false,
  async run(stage) {
    const { session, progress, stored } = stage
    const file = join(stage.dir, 'secrets.json')
    const old = await secrets('rotate', 'points', '--id', 'old', '--file', file)
    const ingress = await startIngress(stage, { WEBHOOK_SECRETS_PATH: file, WEBHOOK_SECRETS_POLL_MS: '500' })
    const plan = { url: ingress.url, ratePerS: RATE_PER_S, connections: CONNECTIONS, addresses: ['127.0.0.1'] }
    const sender = await openLoad(stage)
    await sender.run({ ...plan, forMs: 3_000, ratePerS: 300, orders: 'warm', secrets: [old] }).done

    const storedBefore = await stored('points.webhook')
    const load = sender.run({ ...plan, forMs: FOR_MS, orders: 'rotated', secrets: [old] })
    const until = (atMs: number) => delay(Math.max(0, startedMs + atMs - performance.now()), undefined, session)
    const startedMs = performance.now()
    const valid = (wanted: number) =>
      waitFor(`${wanted} valid secrets`, async () => ((await ingress.metric(VALID)) === wanted ? true : undefined), {
        limitMs: 10_000,
        signal: session.signal,
      })
    await until(5_000)
    progress('rotating: the old secret and the new one are valid')
    const next = await secrets('rotate', 'points', '--id', 'new', '--file', file)
    await valid(2)
    await until(9_000)
    progress('the sender uses both')
    load.use([old, next])
    await until(13_000)
    progress('the sender uses the new one only')
    load.use([next])
    await until(15_000)
    // as an operator sees it in the metrics: nothing comes with the old one any more
    const byOld = 'hookline_webhooks_verified_total{source="points",secret="old"}'
    let seen = -1
    const quiet = async () => (seen === (seen = await ingress.metric(byOld)) ? true : undefined)
    await waitFor('the end of the old secret', quiet, { limitMs: 3_000, everyMs: 500, signal: session.signal })
    progress('ending the old secret')
    await secrets('expire', 'points', 'old', '--file', file)
    await valid(1)

    const samples = await load.done
    const after = await sender.run({ ...plan, ratePerS: 100, forMs: 1_000, orders: 'after', secrets: [old] }).done
    const acked = samples.filter(({ status }) => status === 200).length
    const inTopic = (await stored('points.webhook')) - storedBefore
    const took = samples.map(({ tookMs }) => tookMs)
    const wrongAfter = after.filter(({ status }) => status !== 401).length
    return outcomeOf(TARGET, {
      table: tableOf('ingress-rotation', [
        { what: 'requests', value: count(samples.length) },
        { what: 'answers', value: counts(counted(samples.map(({ secret, status }) => `${secret} ${status}`))) },
        { what: 'not answered 200', value: count(samples.length - acked) },
        { what: 'stored', value: count(inTopic) },
        { what: 'p50 / p99 / longest', value: [0.5, 0.99, 1].map(share => ms(percentile(took, share))).join(' / ') },
        { what: 'answers to the old secret afterwards', value: counts(counted(after.map(({ status }) => status))) },
      ]),
      misses: [
        ...(acked === samples.length ? [] : [`${samples.length - acked} requests were not answered 200`]),
        ...(inTopic === acked ? [] : [`${inTopic} records are stored, and ${acked} requests were answered 200`]),
        ...(wrongAfter === 0 ? [] : [`${wrongAfter} requests with the old secret were not answered 401`]),
        ...(ingress.ended() === undefined ? [] : [`the ingress ended: ${ingress.ended()}`]),
      ],
      samples: { rotation: samples, after },
    })
  },
}

/** The operator's command. */
async function secrets(...args: readonly string[]): Promise<SenderSecret> {
  const main = join(REPOSITORY, 'packages/cli/src/main.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=source',
    main,
    'secrets',
    ...args,
    '--json',
  ])
  const told: SenderSecret = JSON.parse(stdout)
  return told
}
