import { setTimeout as delay } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import { startIngress } from '../ingress.ts'
import type { IngressProcess } from '../ingress.ts'
import { startLoad } from '../load/load.ts'
import type { Sample } from '../load/plan.ts'
import type { Stage } from '../stage.ts'
import { counted, percentile } from '../statistics.ts'
import { count, counts, mib, ms } from '../words.ts'

const GOOD_PER_S = 200
const CALM_MS = 60_000
const WAVE_MS = 20_000
const WRONG = 10_000
const STRANGERS = 200
const MAX_RECORDS = 1_000
const MOST_RATIO = 2
/** A generational heap breathes by about so much under any load. */
const FLAT_BYTES = 64 * 1_048_576
const SECRET = 'bench-points-secret-7d1f04c9e2'

/** A calm minute, and then the same with a wave of wrong secrets in it. */
export const wave: Bench = {
  name: 'ingress-wave',
  about: '10,000 wrong secrets from 200 addresses within 20 s, beside 200 good webhooks a second',
  target: `good requests' p99 is below ${MOST_RATIO} times that of a calm minute, memory is flat, the quarantine at its bound`,
  async run(stage) {
    const { progress, stored } = stage
    const ingress = await startIngress(stage, {
      POINTS_WEBHOOK_SECRET: SECRET,
      QUARANTINE_MAX_RECORDS: `${MAX_RECORDS}`,
    })
    const good = {
      url: ingress.url,
      ratePerS: GOOD_PER_S,
      connections: 32,
      addresses: ['127.0.0.1'],
      secrets: [{ id: 'good', secret: SECRET }],
    }
    await startLoad(stage, { ...good, forMs: 5_000, orders: 'warm' }).done

    progress('a calm minute')
    const memory = watchMemory(ingress)
    const calm = await startLoad(stage, { ...good, forMs: CALM_MS, orders: 'calm' }).done
    const before = memory.largest()
    progress('the wave')
    const goodInWave = startLoad(stage, { ...good, forMs: WAVE_MS, orders: 'wave' })
    const strangers = Array.from({ length: STRANGERS }, (_, n) => `127.0.1.${n + 1}`)
    const wrong = await startLoad(stage, {
      ...good,
      ratePerS: (WRONG * 1_000) / WAVE_MS,
      forMs: WAVE_MS,
      connections: STRANGERS,
      addresses: strangers,
      orders: 'wrong',
      secrets: [{ id: 'wrong', secret: 'nobody-here-knows-this-one' }],
    }).done
    const waved = await goodInWave.done
    const during = memory.largest()
    await delay(5_000, undefined, stage.session)
    const after = memory.last()
    memory.stop()
    return judge(stage, ingress, {
      calm,
      waved,
      wrong,
      copies: await stored('webhook.rejected'),
      before,
      during,
      after,
      memory: memory.all,
    })
  },
}

interface Memory {
  readonly rss: number
  readonly heap: number
}

interface Measured {
  readonly calm: readonly Sample[]
  readonly waved: readonly Sample[]
  readonly wrong: readonly Sample[]
  readonly copies: number
  readonly before: Memory
  readonly during: Memory
  readonly after: Memory
  readonly memory: readonly Memory[]
}

function judge(_stage: Stage, ingress: IngressProcess, measured: Measured) {
  const { calm, waved, wrong, copies, before, during, after } = measured
  const took = (samples: readonly Sample[], share: number) =>
    percentile(
      samples.map(({ tookMs }) => tookMs),
      share,
    )
  const ratio = took(waved, 0.99) / took(calm, 0.99)
  const refusedGood = [...calm, ...waved].filter(({ status }) => status !== 200).length
  const not401 = wrong.filter(({ status }) => status !== 401).length
  const grown = during.rss - before.rss
  const p50And99 = (samples: readonly Sample[]) => `${ms(took(samples, 0.5))} / ${ms(took(samples, 0.99))}`
  return {
    figures: [
      { what: 'good requests, calm', value: counts(counted(calm.map(({ status }) => status))) },
      { what: 'good requests, in the wave', value: counts(counted(waved.map(({ status }) => status))) },
      { what: 'wrong secrets', value: counts(counted(wrong.map(({ status }) => status))) },
      { what: 'p50 / p99, calm', value: p50And99(calm) },
      { what: 'p50 / p99, in the wave', value: p50And99(waved) },
      { what: 'p99 in the wave to p99 calm', value: ratio.toFixed(2) },
      { what: 'p50 / p99 of the 401s', value: p50And99(wrong) },
      {
        what: 'most RSS: calm, in the wave; 5 s later',
        value: `${mib(before.rss)}, ${mib(during.rss)}; ${mib(after.rss)}`,
      },
      {
        what: 'most heap in use: calm, in the wave; 5 s later',
        value: `${mib(before.heap)}, ${mib(during.heap)}; ${mib(after.heap)}`,
      },
      { what: 'copies in webhook.rejected', value: `${count(copies)} (bound: ${count(MAX_RECORDS)})` },
    ],
    misses: [
      ...(ratio < MOST_RATIO ? [] : [`the p99 in the wave is ${ratio.toFixed(2)} times that of the calm minute`]),
      ...(grown < FLAT_BYTES ? [] : [`memory grew by ${mib(grown)}`]),
      ...(copies === MAX_RECORDS ? [] : [`webhook.rejected has ${copies} copies, and its bound is ${MAX_RECORDS}`]),
      ...(refusedGood === 0 ? [] : [`${refusedGood} good requests were not answered 200`]),
      ...(not401 === 0 ? [] : [`${not401} wrong secrets were not answered 401`]),
      ...(ingress.ended() === undefined ? [] : [`the ingress ended: ${ingress.ended()}`]),
    ],
    samples: measured,
  }
}

/** Looks every second; `largest` is of what came since it was asked last. */
function watchMemory(ingress: IngressProcess) {
  const all: Memory[] = []
  let from = 0
  const look = async () => {
    const rss = await ingress.metric('process_resident_memory_bytes')
    all.push({ rss, heap: await ingress.metric('nodejs_heap_size_used_bytes') })
  }
  // a look that fails is one that is missing
  const timer = setInterval(() => void look().catch(() => {}), 1_000)
  return {
    all,
    largest(): Memory {
      const since = all.slice(from)
      from = all.length
      return { rss: Math.max(0, ...since.map(({ rss }) => rss)), heap: Math.max(0, ...since.map(({ heap }) => heap)) }
    },
    last: (): Memory => all.at(-1) ?? { rss: 0, heap: 0 },
    stop: () => clearInterval(timer),
  }
}
