import { addTo, type Found, type Range } from '../../../delivery/test/model/search.ts'
import { startSearcher, type Task } from './searcher.ts'

export interface Many extends Range {
  processes: number
  /** Schedules that a process runs at a time. */
  chunk: number
  /** Ends the search: what was run so far is the result. */
  signal?: AbortSignal
  onProgress?: (schedules: number) => void
}

/**
 * Schedules in several processes, until one violates a guarantee. The first one by seed is found: the result does not depend
 * on the number of processes.
 */
export async function searchMany(task: Task, many: Many): Promise<Found> {
  const { firstSeed, count, variant, chunk } = many
  const chunks = Math.ceil(count / chunk)
  const results: Found[] = []
  let next = 0
  let end = chunks
  let ran = 0

  async function run(): Promise<void> {
    const searcher = startSearcher(task)
    try {
      while (next < end && !many.signal?.aborted) {
        const index = next++
        const from = index * chunk
        const found = await searcher.search({
          firstSeed: firstSeed + from,
          count: Math.min(chunk, count - from),
          variant,
        })
        results[index] = found
        if (found.finding) end = Math.min(end, index + 1)
        many.onProgress?.((ran += found.schedules))
      }
    } finally {
      await searcher.stop()
    }
  }

  await Promise.all(Array.from({ length: Math.min(many.processes, chunks) }, run))
  return together(results.slice(0, end).filter(Boolean))
}

function together(results: readonly Found[]): Found {
  const seen: Record<string, number> = {}
  for (const result of results) addTo(seen, result.seen)
  const schedules = results.reduce((sum, result) => sum + result.schedules, 0)
  return { finding: results.find(({ finding }) => finding)?.finding, seen, schedules }
}
