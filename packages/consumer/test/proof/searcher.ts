import { Worker } from 'node:worker_threads'
import type { Found, Range } from '../../../delivery/test/model/search.ts'
import type { Edit } from './mutant.ts'
import type { ProofName } from './proofs.ts'

/** What a worker runs: which schedules, on sources with which edits. */
export interface Task {
  proof: ProofName
  edits: readonly Edit[]
}

/** A thread of its own that runs schedules. */
export interface Searcher {
  /** Rejects where the thread ended with an error, or was stopped. */
  search(range: Range): Promise<Found>
  stop(): Promise<void>
}

/** What never comes back from a schedule: no schedule takes seconds. */
const SPINS_MS = 60_000

export function startSearcher(task: Task): Searcher {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: task,
    execArgv: ['--conditions=source'],
  })
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  worker.once('error', failed.reject)
  worker.once('exit', () => failed.reject(new Error('the thread ended')))
  const stop = async () => void (await worker.terminate())

  return {
    async search(range) {
      const found = new Promise<Found>(resolve => worker.once('message', resolve))
      // a thread has no origin
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      worker.postMessage(range)
      let watch: NodeJS.Timeout | undefined
      const spins = new Promise<Found>(resolve => {
        watch = setTimeout(() => resolve(spinning(range)), SPINS_MS)
      })
      try {
        return await Promise.race([found, spins, failed.promise])
      } finally {
        clearTimeout(watch)
      }
    },
    stop,
  }
}

function spinning({ firstSeed, count, variant }: Range): Found {
  const detail = `a schedule of ${count} from seed ${firstSeed} on`
  const finding = { seed: firstSeed, variant, guarantee: 'all comes to rest', detail, trace: [] }
  return { finding, seen: {}, schedules: 1 }
}
