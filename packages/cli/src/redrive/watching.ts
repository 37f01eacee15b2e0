import type { RedriveCounts } from '@hookline/inbox'

/** Where a person sees what happens; replaced in tests. */
export interface Watching {
  /** Not stdout: that is for the answer. */
  readonly say: (line: string) => void
  readonly progress: (counts: RedriveCounts) => void
  /** Aborted by Ctrl-C once there is something to pause. */
  readonly interrupted: () => AbortSignal
}

/** Without a terminal a line this often is enough. */
const LINE_EVERY_MS = 10_000

export function onStderr(): Watching {
  const { stderr } = process
  let toldAtMs = Number.NEGATIVE_INFINITY
  let isOpen = false
  return {
    say(line) {
      stderr.write(`${isOpen ? '\n' : ''}${line}\n`)
      isOpen = false
    },
    progress(counts) {
      const text = progressText(counts)
      if (stderr.isTTY) {
        stderr.write(`\r\u001b[2K${text}`)
        isOpen = true
        return
      }
      if (performance.now() - toldAtMs < LINE_EVERY_MS) return
      toldAtMs = performance.now()
      stderr.write(`${text}\n`)
    },
    interrupted() {
      const controller = new AbortController()
      // on, not once: a terminal and a package manager may each pass Ctrl-C on
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort())
      return controller.signal
    },
  }
}

/** One line, such as `120 of 480 given back: 100 done, 12 stale, 8 running`. */
export function progressText(counts: RedriveCounts): string {
  const { planned, left: _, ...given } = counts
  const sum = Object.values(given).reduce((total, count) => total + count, 0)
  const parts = [
    [counts.done, 'done'],
    [counts.stale, 'stale'],
    [counts.running, 'running'],
    [counts.retrying, 'retrying'],
    [counts.waiting, 'waiting'],
    [counts.dead_again, 'dead again'],
    [counts.gone, 'gone'],
  ] as const
  const told = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]))
  return `${sum} of ${sum + planned} given back${told.length === 0 ? '' : `: ${told.join(', ')}`}`
}
