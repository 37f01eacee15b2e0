import type { Bench } from '../bench.ts'
import { startPeer, startService, subjectsOf } from '../consumers/consumer.ts'
import { lifelike, twice } from '../consumers/feeds.ts'
import { rawInserts } from '../consumers/raw-inserts.ts'
import { inTurns, ratesOf, roundsOf, ratesTable, wrongsOf } from '../consumers/rounds.ts'
import type { Subject } from '../consumers/subject.ts'
import { openFill } from '../records/fill.ts'
import { atLeast, ratio } from '../verdict.ts'

const SEED = 7
const PEER = '../peers/each-message.ts'

const AGAINST_TRANSACTIONS = {
  name: 'consumer rate with no-op effects, against a transaction per event one at a time / six partitions at a time',
  target: '≥ 20× / ≥ 8×',
}
const AGAINST_INSERTS = { name: 'consumer rate with no-op effects, against raw insertMany of 200', target: '≥ 0.2' }
const DUPLICATES = { name: '50 % duplicates: rate of records, against the clean rate', target: '≥ 1.3×' }

/** Records that wait in Kafka, and how fast they are handled. */
export const consumer: Bench = {
  name: 'consumer',
  about: 'a service whose effect does nothing, beside a transaction for each event, and beside bare inserts',
  targets: [AGAINST_TRANSACTIONS, AGAINST_INSERTS, DUPLICATES],
  mongodb: true,
  async run(stage) {
    const fill = openFill(stage)
    const service = await startService(stage, { name: 'bench-no-op', script: '../services/no-op.ts' })
    const oneAtATime = { name: 'one-at-a-time', script: PEER, env: { PARTITIONS_AT_A_TIME: '1' } }
    const sixAtATime = { name: 'six-at-a-time', script: PEER, env: { PARTITIONS_AT_A_TIME: '6' } }
    const ofService = subjectsOf(stage, service, fill)
    const ofOne = subjectsOf(stage, await startPeer(stage, oneAtATime), fill)
    const ofSix = subjectsOf(stage, await startPeer(stage, sixAtATime), fill)

    const clean = lifelike(SEED)
    const ours = ofService('ours', clean)
    const duplicates = ofService('ours, 50 % duplicates', twice(clean, SEED))
    const one = ofOne('a transaction per event, one at a time', lifelike(SEED))
    const six = ofSix('a transaction per event, six at a time', lifelike(SEED))
    const inserts = await rawInserts(stage)

    const measured = await inTurns(stage, [
      { subject: ours, first: 8_000 },
      { subject: duplicates, first: 8_000 },
      { subject: one, first: 200 },
      { subject: six, first: 500 },
      { subject: inserts, first: 20_000 },
    ])
    const rates = (subject: Subject) => ratesOf(subject, measured)
    const rounds = roundsOf(measured)
    return {
      tables: [ratesTable('records/s', measured)],
      results: [
        atLeast(
          AGAINST_TRANSACTIONS,
          [20, 8],
          [ratio(rates(ours), rates(one)), ratio(rates(ours), rates(six))],
          rounds,
        ),
        atLeast(AGAINST_INSERTS, [0.2], [ratio(rates(ours), rates(inserts))], rounds),
        atLeast(DUPLICATES, [1.3], [ratio(rates(duplicates), rates(ours))], rounds),
      ],
      voids: await wrongsOf([ours, one, six, inserts]),
    }
  },
}
