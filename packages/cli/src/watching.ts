import { interruption } from './interruption.ts'

/** Where a person sees what happens; replaced in tests. */
export interface Watching<Progress> {
  /** Not stdout: that is for the answer. */
  readonly say: (line: string) => void
  readonly progress: (progress: Progress) => void
  /** Nothing more of it: what comes now begins on a line of its own. */
  readonly end: () => void
  /** Aborted by Ctrl-C once there is something to stop. */
  readonly interrupted: () => AbortSignal
}

/** Without a terminal a line this often is enough. */
const LINE_EVERY_MS = 10_000

/** Progress is one line, which a terminal shows in place of the one before. */
export function watchingOnStderr<Progress>(textOf: (progress: Progress) => string): Watching<Progress> {
  const { stderr } = process
  let toldAtMs = Number.NEGATIVE_INFINITY
  let isOpen = false
  const end = () => {
    if (isOpen) stderr.write('\n')
    isOpen = false
  }
  return {
    say(line) {
      end()
      stderr.write(`${line}\n`)
    },
    end,
    progress(progress) {
      if (stderr.isTTY) {
        stderr.write(`\r\u001b[2K${textOf(progress)}`)
        isOpen = true
        return
      }
      if (performance.now() - toldAtMs < LINE_EVERY_MS) return
      toldAtMs = performance.now()
      stderr.write(`${textOf(progress)}\n`)
    },
    interrupted: interruption,
  }
}
