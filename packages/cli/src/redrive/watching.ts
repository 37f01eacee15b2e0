import type { RedriveCounts } from '@hookline/inbox'
import { interruption } from '../interruption.ts'
import { progressText } from '../text/redrive-progress.ts'

/** Where a person sees what happens; replaced in tests. */
export interface Watching {
  /** Not stdout: that is for the answer. */
  readonly say: (line: string) => void
  readonly progress: (counts: RedriveCounts) => void
  /** Nothing more of it: what comes now begins on a line of its own. */
  readonly end: () => void
  /** Aborted by Ctrl-C once there is something to pause. */
  readonly interrupted: () => AbortSignal
}

/** Without a terminal a line this often is enough. */
const LINE_EVERY_MS = 10_000

export function onStderr(): Watching {
  const { stderr } = process
  let toldAtMs = Number.NEGATIVE_INFINITY
  const isStill = stillness()
  let isOpen = false
  const end = () => {
    if (isOpen) stderr.write('\n')
    isOpen = false
  }
  const say = (line: string) => {
    end()
    stderr.write(`${line}\n`)
  }
  return {
    say,
    end,
    progress(counts) {
      const text = progressText(counts)
      if (isStill(text, counts)) say('Nothing has ended for a while: is the service running?')
      if (stderr.isTTY) {
        stderr.write(`\r\u001b[2K${text}`)
        isOpen = true
        return
      }
      if (performance.now() - toldAtMs < LINE_EVERY_MS) return
      toldAtMs = performance.now()
      stderr.write(`${text}\n`)
    },
    interrupted: interruption,
  }
}

const STILL_MS = 15_000

/** True once, when what was given back has stood still for a while. */
function stillness(): (text: string, counts: RedriveCounts) => boolean {
  let last = ''
  let sinceMs = performance.now()
  let told = false
  return (text, { running }) => {
    if (text !== last) [last, sinceMs] = [text, performance.now()]
    if (told || running === 0 || performance.now() - sinceMs < STILL_MS) return false
    told = true
    return true
  }
}
