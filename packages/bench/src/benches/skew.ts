import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from '../bench.ts'
import { type Consumer, startPeer, startService, subjectsOf } from '../consumers/consumer.ts'
import { wrongEffects } from '../consumers/effects.ts'
import { skewed } from '../consumers/feeds.ts'
import { inTurns, ratesOf, roundsOf, ratesTable, wrongsOf } from '../consumers/rounds.ts'
import { openFill } from '../records/fill.ts'
import { MOST_SHARE } from '../records/skewed-orders.ts'
import { atLeast, ratio, tableOf } from '../verdict.ts'
import { count } from '../words.ts'

const SEED = 11
const EFFECT_MS = 5
/** Of the order that comes most often these are fewer than a lane holds. */
const RECORDS = 3_000
const WARM_UP = 500
/** No consumer is faster that does the effects of one order one after another. */
const LIMIT_PER_S = 1_000 / (EFFECT_MS * MOST_SHARE)

const TARGET = {
  name: 'key skew with 5 ms effects, 6 partitions: against one-at-a-time per partition',
  target: '≥ 10×',
}

/** Some orders come far more often than others, and effects wait: how much waits for them that need not. */
export const skew: Bench = {
  name: 'skew',
  about: `orders drawn by Zipf 1.1 and effects of ${EFFECT_MS} ms, beside one event at a time in each partition`,
  targets: [TARGET],
  mongodb: true,
  async run(stage) {
    const fill = openFill(stage)
    const ownLog = join(stage.dir, 'ours.effects')
    const peerLog = join(stage.dir, 'peer.effects')
    const env = { EFFECT_MS: `${EFFECT_MS}`, PARTITIONS_AT_A_TIME: '6' }
    const own = { name: 'bench-slow', script: '../services/slow.ts', env: { ...env, EFFECT_LOG: ownLog } }
    const peer = { name: 'six-at-a-time', script: '../peers/each-message.ts', env: { ...env, EFFECT_LOG: peerLog } }
    const ownProcess = await startService(stage, own)
    const peerProcess = await startPeer(stage, peer)
    const ours = subjectsOf(stage, ownProcess, fill)('ours', skewed(SEED))
    const theirs = subjectsOf(stage, peerProcess, fill)('six partitions at a time', skewed(SEED))

    const entrant = { first: WARM_UP, records: RECORDS }
    const measured = await inTurns(stage, [
      { subject: ours, ...entrant },
      { subject: theirs, ...entrant },
    ])
    return {
      tables: [
        ratesTable('records/s', measured),
        tableOf('the order that comes most often', [
          { what: 'its share of the records', value: `${(100 * MOST_SHARE).toFixed(1)} %` },
          { what: 'records/s that its effects allow, one after another', value: count(Math.round(LIMIT_PER_S)) },
        ]),
      ],
      results: [atLeast(TARGET, [10], [ratio(ratesOf(ours, measured), ratesOf(theirs, measured))], roundsOf(measured))],
      voids: [
        ...(await wrongsOf([ours, theirs])),
        ...(await wrongEffectsOf(ownProcess, ownLog)),
        ...(await wrongEffectsOf(peerProcess, peerLog)),
      ],
    }
  },
}

/** Ends the process, as only then it tells what it did. */
async function wrongEffectsOf({ process, store }: Consumer, log: string): Promise<readonly string[]> {
  const events = await store.stored()
  await process.stop()
  return wrongEffects((await readFile(log, 'utf8')).split('\n'), events)
}
