import type { Bench } from '../bench.ts'
import { subjectsOf } from '../consumers/consumer.ts'
import { lifelike } from '../consumers/feeds.ts'
import { startInstances } from '../consumers/instances.ts'
import { inTurns, type Measured, ratesTable, wrongsOf } from '../consumers/rounds.ts'
import { remakeWebhookTopic } from '../consumers/topics.ts'
import { openFill } from '../records/fill.ts'

const SEED = 7
const WAYS = [
  { partitions: 1, instances: 1 },
  { partitions: 6, instances: 1 },
  { partitions: 12, instances: 1 },
  { partitions: 24, instances: 1 },
  { partitions: 24, instances: 2 },
  { partitions: 24, instances: 3 },
] as const

/** One way after another, as each has the topic for itself. */
export const scale: Bench = {
  name: 'scale',
  about: 'the rate of a service whose effect does nothing, by partitions and by instances',
  targets: [],
  mongodb: true,
  async run(stage) {
    const all: Measured[] = []
    const voids: string[] = []
    for (const [n, { partitions, instances }] of WAYS.entries()) {
      await remakeWebhookTopic(stage, partitions)
      const options = { name: `bench-scale-${n}`, script: '../services/no-op.ts' }
      const consumer = await startInstances(stage, instances, options)
      const what = `partitions: ${partitions}, instances: ${instances}`
      const subject = subjectsOf(stage, consumer, openFill(stage))(what, lifelike(SEED))
      all.push(...(await inTurns(stage, [{ subject, first: 8_000 }])))
      voids.push(...(await wrongsOf([subject])))
      await consumer.process.stop()
    }
    return { tables: [ratesTable('records/s', all)], results: [], voids }
  },
}
