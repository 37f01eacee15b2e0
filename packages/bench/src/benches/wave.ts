import { setTimeout as delay } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import { outcomeOf, tableOf } from '../verdict.ts'
import { startIngress } from '../ingress.ts'
import type { IngressProcess } from '../ingress.ts'
import { openLoad } from '../load/load.ts'
import type { Sample } from '../load/plan.ts'
import { type Memory, watchMemory } from '../memory.ts'
import { counted, median, percentile } from '../statistics.ts'
import { count, counts, mib, ms } from '../words.ts'

const GOOD_PER_S = 200
const ROUNDS = 5
const CALM_MS = 12_000
const WAVE_MS = 4_000
const WRONG = 10_000
const STRANGERS = 200
const MAX_RECORDS = 1_000
const MOST_RATIO = 2
/** A generational heap breathes by about so much under any load. */
const FLAT_BYTES = 64 * 1_048_576
const SECRET = 'bench-points-secret-7d1f04c9e2'

const TARGET = {
  name: 'ingress-wave',
  target: `good requests' p99 is below ${MOST_RATIO} times that of a calm minute, memory is flat, the quarantine at its bound`,
}

/** A calm minute and a wave of 20 s, in turns: what else the machine does falls on both. */
export const wave: Bench = {
  name: TARGET.name,
  about: '10,000 wrong secrets from 200 addresses at 500/s, beside 200 good webhooks a second',
  targets: [TARGET],
  mongodb: false,
  async run(stage) {
    const { progress, stored, session } = stage
    const own = { POINTS_WEBHOOK_SECRET: SECRET, QUARANTINE_MAX_RECORDS: `${MAX_RECORDS}` }
    const ingress = await startIngress(stage, own)
    const [sender, strangers] = [await openLoad(stage), await openLoad(stage)]
    const good = {
      url: ingress.url,
      ratePerS: GOOD_PER_S,
      connections: 32,
      addresses: ['127.0.0.1'],
      secrets: [{ id: 'good', secret: SECRET }],
    }
    const wrong = {
      ...good,
      ratePerS: (WRONG * 1_000) / (ROUNDS * WAVE_MS),
      connections: STRANGERS,
      addresses: Array.from({ length: STRANGERS }, (_, n) => `127.0.1.${n + 1}`),
      secrets: [{ id: 'wrong', secret: 'nobody-here-knows-this-one' }],
    }
    await sender.run({ ...good, forMs: 5_000, orders: 'warm' }).done

    const memory = watchMemory(ingress)
    const rounds: Round[] = []
    for (let n = 1; n <= ROUNDS; n++) {
      progress(`round ${n} of ${ROUNDS}: calm`)
      const calm = await sender.run({ ...good, forMs: CALM_MS, orders: `calm-${n}` }).done
      const calmMemory = memory.most()
      progress(`round ${n} of ${ROUNDS}: the wave`)
      const waved = sender.run({ ...good, forMs: WAVE_MS, orders: `wave-${n}` })
      const refused = await strangers.run({ ...wrong, forMs: WAVE_MS, orders: `wrong-${n}` }).done
      rounds.push({ calm, waved: await waved.done, refused, calmMemory, waveMemory: memory.most() })
    }
    await delay(5_000, undefined, session)
    const after = memory.last()
    memory.stop()
    return judge(ingress, { rounds, after, copies: await stored('webhook.rejected') })
  },
}

interface Round {
  readonly calm: readonly Sample[]
  readonly waved: readonly Sample[]
  readonly refused: readonly Sample[]
  readonly calmMemory: Memory
  readonly waveMemory: Memory
}

interface Measured {
  readonly rounds: readonly Round[]
  readonly after: Memory
  readonly copies: number
}

function judge(ingress: IngressProcess, measured: Measured) {
  const { rounds, after, copies } = measured
  const all = (of: 'calm' | 'waved' | 'refused') => rounds.flatMap(round => round[of])
  const told = (of: 'calm' | 'waved' | 'refused') => counts(counted(all(of).map(({ status }) => status)))
  const p99s = (of: 'calm' | 'waved') => rounds.map(round => took(round[of], 0.99))
  const ratio = median(p99s('waved')) / median(p99s('calm'))
  // what comes first in a process is not yet at its size
  const first = Math.max(...rounds.slice(0, 1).map(({ calmMemory }) => calmMemory.rss))
  const grown = Math.max(...rounds.map(({ waveMemory }) => waveMemory.rss)) - first
  const other = (of: 'calm' | 'waved' | 'refused', status: number) =>
    all(of).filter(one => one.status !== status).length
  const notAcked = other('calm', 200) + other('waved', 200)
  return outcomeOf(TARGET, {
    table: tableOf('ingress-wave', [
      { what: 'good requests, calm', value: told('calm') },
      { what: 'good requests, in the wave', value: told('waved') },
      { what: 'wrong secrets', value: told('refused') },
      { what: 'p50 of all: calm, in the wave', value: `${ms(took(all('calm'), 0.5))}, ${ms(took(all('waved'), 0.5))}` },
      {
        what: 'p99 of all: calm, in the wave',
        value: `${ms(took(all('calm'), 0.99))}, ${ms(took(all('waved'), 0.99))}`,
      },
      { what: 'p99 by round, calm', value: p99s('calm').map(ms).join(', ') },
      { what: 'p99 by round, in the wave', value: p99s('waved').map(ms).join(', ') },
      { what: 'median of the latter to that of the former', value: ratio.toFixed(2) },
      { what: 'p50, p99 of the 401s', value: `${ms(took(all('refused'), 0.5))}, ${ms(took(all('refused'), 0.99))}` },
      { what: 'most RSS by round, calm', value: rounds.map(({ calmMemory }) => mib(calmMemory.rss)).join(', ') },
      { what: 'most RSS by round, in the wave', value: rounds.map(({ waveMemory }) => mib(waveMemory.rss)).join(', ') },
      {
        what: 'most heap in use by round, in the wave',
        value: rounds.map(({ waveMemory }) => mib(waveMemory.heap)).join(', '),
      },
      { what: '5 s later: RSS, heap in use', value: `${mib(after.rss)}, ${mib(after.heap)}` },
      { what: 'copies in webhook.rejected', value: `${count(copies)} (bound: ${count(MAX_RECORDS)})` },
    ]),
    misses: [
      ...(ratio < MOST_RATIO ? [] : [`the p99 in the wave is ${ratio.toFixed(2)} times that of the calm minute`]),
      ...(grown < FLAT_BYTES ? [] : [`memory grew by ${mib(grown)}`]),
      ...(copies === MAX_RECORDS ? [] : [`webhook.rejected has ${copies} copies, and its bound is ${MAX_RECORDS}`]),
      ...(notAcked === 0 ? [] : [`${notAcked} good requests were not answered 200`]),
      ...(other('refused', 401) === 0 ? [] : [`${other('refused', 401)} wrong secrets were not answered 401`]),
      ...(ingress.ended() === undefined ? [] : [`the ingress ended: ${ingress.ended()}`]),
    ],
    samples: measured,
  })
}

function took(samples: readonly Sample[], share: number): number {
  return percentile(
    samples.map(({ tookMs }) => tookMs),
    share,
  )
}
