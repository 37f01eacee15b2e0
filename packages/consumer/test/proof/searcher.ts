import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Found, Range } from '../../../delivery/test/model/search.ts'
import type { Edit } from './mutant.ts'
import type { ProofName } from './proofs.ts'

/** What a process runs: which schedules, on sources with which edits. */
export interface Task {
  proof: ProofName
  edits: readonly Edit[]
}

/** A process of its own that runs schedules: what the sources without a guard do to it ends no other. */
export interface Searcher {
  /** Rejects where the process ended, or was stopped. */
  search(range: Range): Promise<Found>
  stop(): Promise<void>
}

/** What never comes back from a schedule: no schedule takes seconds. */
const SPINS_MS = 60_000

export function startSearcher(task: Task): Searcher {
  const searcher = fork(fileURLToPath(new URL('./searcher-process.ts', import.meta.url)), [JSON.stringify(task)], {
    execArgv: ['--conditions=source'],
    serialization: 'advanced',
  })
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => undefined)
  searcher.once('error', ended.reject)
  searcher.once('exit', (code, signal) => ended.reject(new Error(`the process ended: ${signal ?? code}`)))

  return {
    async search(range) {
      const found = new Promise<Found>(resolve => searcher.once('message', found => resolve(found as Found)))
      searcher.send(range)
      let watch: NodeJS.Timeout | undefined
      const spins = new Promise<Found>(resolve => {
        watch = setTimeout(() => resolve(spinning(range)), SPINS_MS)
      })
      try {
        return await Promise.race([found, spins, ended.promise])
      } finally {
        clearTimeout(watch)
      }
    },

    async stop() {
      if (searcher.exitCode !== null || searcher.signalCode !== null) return
      const exit = once(searcher, 'exit')
      searcher.kill('SIGKILL')
      await exit
    },
  }
}

function spinning({ firstSeed, count, variant }: Range): Found {
  const detail = `a schedule of ${count} from seed ${firstSeed} on`
  const finding = { seed: firstSeed, variant, guarantee: 'all comes to rest', detail, trace: [] }
  return { finding, seen: {}, schedules: 1 }
}
