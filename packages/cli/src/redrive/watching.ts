import type { RedriveCounts } from '@hookline/inbox'
import { progressText } from '../text/redrive-progress.ts'
import { type Watching as WatchingOf, watchingOnStderr } from '../watching.ts'

export type Watching = WatchingOf<RedriveCounts>

export function onStderr(): Watching {
  const watching = watchingOnStderr(progressText)
  const isStill = stillness()
  return {
    ...watching,
    progress(counts) {
      if (isStill(progressText(counts), counts)) watching.say('Nothing has ended for a while: is the service running?')
      watching.progress(counts)
    },
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
