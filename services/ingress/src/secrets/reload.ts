import { isDeepStrictEqual } from 'node:util'
import type { Log } from '@hookline/service'
import type { IngressMetrics } from '../ingress-metrics.ts'
import type { Keyring } from '../verifiers/scheme.ts'
import type { Parsed } from './document.ts'
import { standing } from './secret.ts'
import type { SecretsBySource } from './secret.ts'

export interface ReloadOptions {
  /** Never rejects. */
  readonly load: () => Promise<Parsed<SecretsBySource>>
  /** What is in force. */
  readonly first: SecretsBySource
  /** Of each source that has a route. */
  readonly keyrings: ReadonlyMap<string, Keyring>
  readonly log: Log
  readonly metrics: IngressMetrics
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export type Look = 'unchanged' | 'changed' | 'failed'

/**
 * One look at where the secrets come from. What cannot be read, or must not be used, changes nothing: the last good
 * secrets stay, whole. The contents are compared, not their stamps or the file system's events: neither tells of a
 * folder that Kubernetes mounted and swaps as a whole.
 */
export function secretsReload({ load, first, keyrings, log, metrics, now }: ReloadOptions): () => Promise<Look> {
  let current = first
  let told = ''

  metrics.validSecrets([...keyrings.keys()], source => {
    const at = now()
    return (current.get(source) ?? []).filter(secret => standing(secret, at) === 'valid').length
  })
  announce(first)

  function announce(secrets: SecretsBySource): void {
    for (const [source, list] of secrets) for (const { id } of list) metrics.verified(source, id, 0)
  }

  function fail(problems: readonly string[]): Look {
    metrics.reloadFailed()
    const sentence = problems.join('; ')
    // once for each cause, not with every look
    if (sentence !== told) log.error({ problems }, 'secrets not reloaded: the last good ones stay')
    told = sentence
    return 'failed'
  }

  return async () => {
    const loaded = await load()
    if (!loaded.ok) return fail(loaded.problems)
    const gone = [...keyrings.keys()].filter(source => !loaded.value.has(source))
    if (gone.length > 0) return fail(gone.map(source => `there is no secret of ${source} any more`))
    if (told !== '') log.info('secrets can be reloaded again')
    told = ''
    if (isDeepStrictEqual(loaded.value, current)) return 'unchanged'

    for (const [source, list] of loaded.value) keyrings.get(source)?.replace(list)
    current = loaded.value
    announce(current)
    const unrouted = [...current.keys()].filter(source => !keyrings.has(source))
    const ids = Object.fromEntries([...current].map(([source, list]) => [source, list.map(({ id }) => id)]))
    log.info({ ids, ...(unrouted.length > 0 && { needs_restart: unrouted }) }, 'secrets reloaded')
    return 'changed'
  }
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
