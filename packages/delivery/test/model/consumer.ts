import { accept } from './accept.ts'
import type { Lane } from './effects.ts'
import type { Site, Steps } from './instance.ts'
import type { Partition } from './topic.ts'
import { untilStoreError, work } from './work.ts'

/** Takes slices from those of the given partitions that are this instance's. */
export function* consumer(site: Site, partitions: readonly Partition[]): Steps {
  const { world, instance } = site
  for (;;) {
    for (const partition of partitions) {
      if (partition.owner !== instance.name) continue
      const from = partition.committed
      const events = partition.records.slice(from, from + 1 + world.random.below(4))
      if (events.length === 0) continue
      yield
      const token = site.newToken()
      let lanes: readonly Lane[] = []
      const commit = () => {
        partition.committed = from + events.length
      }
      yield* untilStoreError(
        site,
        token,
        (function* () {
          lanes = yield* accept(site, token, { events, commit })
        })(),
      )
      if (lanes.length === 0) continue
      const working = untilStoreError(site, token, work(site, lanes))
      if (world.random.chance(0.3))
        instance.loops.push(working) // the next slice begins meanwhile
      else yield* working
    }
    yield
  }
}
