import type { Bench } from '../../bench.ts'
import { NOT_SENT } from '../../load/plan.ts'
import { counted } from '../../statistics.ts'
import { count, counts } from '../../words.ts'
import { openChain, type Sent } from './chain.ts'
import { cpuTable, latencyOf, latencyTable, mostOf, mostTable } from './figures.ts'

const ROUNDS = 5
const WARM_MS = 3_000
const OPEN_MS = 5_000
const CLOSED_MS = 3_000
const RATES_PER_S = [500, 1_000]

/** From the sender's request to the effect. */
export const endToEnd: Bench = {
  name: 'end-to-end',
  about:
    'how long after its time a webhook is answered, and how long after it its effect is done; what each process costs',
  targets: [],
  mongodb: true,
  async run(stage) {
    const { progress, session } = stage
    const chain = await openChain(stage)
    progress('warm-up')
    for (const n of [1, 2]) await chain.send(`warm-${n}`, { forMs: WARM_MS })
    for (const ratePerS of RATES_PER_S) await chain.send(`warm-${ratePerS}`, { forMs: WARM_MS, ratePerS })

    const open = RATES_PER_S.map(ratePerS => ({ ratePerS, loads: [] as Sent[] }))
    const closed: Sent[] = []
    for (let n = 1; n <= ROUNDS; n++) {
      for (const { ratePerS, loads } of open) {
        session.signal.throwIfAborted()
        const sent = await chain.send(`at-${ratePerS}-${n}`, { forMs: OPEN_MS, ratePerS })
        loads.push(sent)
        progress(`round ${n} of ${ROUNDS}: ${count(sent.acked)} acked at ${count(ratePerS)}/s, all have their effect`)
      }
      session.signal.throwIfAborted()
      const sent = await chain.send(`most-${n}`, { forMs: CLOSED_MS })
      closed.push(sent)
      progress(`round ${n} of ${ROUNDS}: ${count(sent.acked)} acked as fast as that goes, all have their effect`)
    }

    const { atMs, amiss } = await chain.effects()
    const latencies = open.map(({ ratePerS, loads }) => ({
      ratePerS,
      rounds: loads.map(one => latencyOf(one, ratePerS, atMs)),
    }))
    const most = closed.map(one => mostOf(one, atMs))
    const cpu = [
      ...open.map(({ ratePerS, loads }) => ({ name: `${count(ratePerS)}/s`, loads })),
      { name: '64 connections', loads: closed },
    ]
    return {
      tables: [latencyTable(latencies), mostTable(most), cpuTable(cpu)],
      results: [],
      samples: {
        latencies,
        most,
        cpu: cpu.map(({ name, loads }) => ({ name, rounds: loads.map(({ cpuUs }) => cpuUs) })),
      },
      voids: [...amiss, ...notAcked(cpu.flatMap(({ loads }) => loads))],
    }
  },
}

function notAcked(loads: readonly Sent[]): readonly string[] {
  return loads.flatMap(({ orders, answers: { status } }) => {
    const others = status.filter(one => one !== 200 && one !== NOT_SENT)
    return others.length === 0 ? [] : [`of ${orders} not all were answered 200: ${counts(counted(others))}`]
  })
}
