import type { RedriveCounts } from '@hookline/inbox'

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
