/** A line of what the measured process tells of itself. Times in milliseconds since 1970. */
export type LoopLine =
  | {
      readonly kind: 'block'
      readonly atMs: number
      /** How late a timer was. */
      readonly lateMs: number
      /** What the thread ran meanwhile, garbage collection on it included. */
      readonly cpuMs: number
    }
  | { readonly kind: 'gc'; readonly atMs: number; readonly tookMs: number }

export interface Observed {
  readonly blocks: readonly Block[]
}

/** A time in which the event loop did not turn. */
interface Block {
  readonly atMs: number
  /** By the clock. */
  readonly lateMs: number
  /** Of that what its own thread ran. The rest it waited, for a core that others had. */
  readonly ownMs: number
  /** Of that garbage collection. */
  readonly gcMs: number
}

/** What a process has told, its last line perhaps not whole. */
export function parseBlocks(text: string): Observed {
  const lines: readonly LoopLine[] = text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
  const collections = lines.filter(line => line.kind === 'gc')
  const blocks = lines
    .filter(line => line.kind === 'block')
    .map(({ atMs, lateMs, cpuMs }) => {
      const within = collections.filter(gc => gc.atMs >= atMs && gc.atMs <= atMs + lateMs + 10)
      const gcMs = within.reduce((sum, gc) => sum + gc.tookMs, 0)
      return { atMs, lateMs, ownMs: Math.min(lateMs, cpuMs), gcMs: Math.min(gcMs, lateMs) }
    })
  return { blocks }
}

export interface Longest {
  readonly lateMs: number
  readonly ownMs: number
  /** Of the block that has the longest `ownMs`. */
  readonly gcMs: number
}

/** The longest of the blocks that began between two times. */
export function longest({ blocks }: Observed, fromMs: number, toMs: number): Longest {
  const within = blocks.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
  const worst = within.reduce<Block | undefined>(
    (one, other) => (one && one.ownMs >= other.ownMs ? one : other),
    undefined,
  )
  return {
    lateMs: Math.max(0, ...within.map(block => block.lateMs)),
    ownMs: worst?.ownMs ?? 0,
    gcMs: worst?.gcMs ?? 0,
  }
}
