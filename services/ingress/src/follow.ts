import { isDeepStrictEqual } from 'node:util'
import type { Log } from '@hookline/service'
import type { Parsed } from './secrets/document.ts'

export interface FollowOptions<Value> {
  /** Never rejects. */
  readonly load: () => Promise<Parsed<Value>>
  /** What is in force. */
  readonly first: Value
  /** Puts it in force; what the log's line says of it. */
  readonly take: (value: Value) => object
  /** Called with every look that failed. */
  readonly failed: () => void
  /** The log's lines. */
  readonly lines: { readonly failed: string; readonly mended: string; readonly taken: string }
  readonly log: Log
}

export type Look = 'unchanged' | 'changed' | 'failed'

export interface Following<Value> {
  /** One look at where it comes from. */
  readonly look: () => Promise<Look>
  /** What is in force. */
  readonly current: () => Value
}

/**
 * Follows what is mounted and may be replaced while the process runs. What cannot be read, or must not be used, changes
 * nothing: the last good value stays, whole. The contents are compared, not their stamps or the file system's events:
 * neither tells of a folder that Kubernetes mounted and swaps as a whole.
 */
export function follow<Value>({ load, first, take, failed, lines, log }: FollowOptions<Value>): Following<Value> {
  let current = first
  let said = ''

  async function look(): Promise<Look> {
    const loaded = await load()
    if (!loaded.ok) {
      failed()
      const { problems } = loaded
      // once for each cause, not with every look
      if (problems.join('; ') !== said) log.error({ problems }, lines.failed)
      said = problems.join('; ')
      return 'failed'
    }
    if (said !== '') log.info(lines.mended)
    said = ''
    if (isDeepStrictEqual(loaded.value, current)) return 'unchanged'
    current = loaded.value
    log.info(take(current), lines.taken)
    return 'changed'
  }

  return { look, current: () => current }
}

/** Calls until it is stopped. */
export type Every = (run: () => void, intervalMs: number) => () => void

/** Looks again and again, one look at a time. */
export function keepLooking(look: () => Promise<Look>, { every, intervalMs }: { every: Every; intervalMs: number }) {
  let looking: Promise<unknown> | undefined
  const stop = every(() => {
    looking ??= look().finally(() => (looking = undefined))
  }, intervalMs)
  return { stop }
}
