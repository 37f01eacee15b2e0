import { isDeepStrictEqual } from 'node:util'
import type { Log } from '@hookline/service'
import type { IngressMetrics } from '../ingress-metrics.ts'
import type { Keyring } from '../verifiers/scheme.ts'
import type { Parsed } from './document.ts'
import { rotating, validSecrets } from './secret.ts'
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

export interface SecretsReload {
  /** One look at where the secrets come from. */
  readonly look: () => Promise<Look>
  /** What is in force. */
  readonly current: () => SecretsBySource
}

/**
 * Follows where the secrets come from. What cannot be read, or must not be used, changes nothing: the last good
 * secrets stay, whole. The contents are compared, not their stamps or the file system's events: neither tells of a
 * folder that Kubernetes mounted and swaps as a whole.
 */
export function secretsReload({ load, first, keyrings, log, metrics, now }: ReloadOptions): SecretsReload {
  let current = first
  let said = ''

  metrics.validSecrets([...keyrings.keys()], source => {
    const at = now()
    return validSecrets(current, source, at).length
  })
  metrics.rotating([...keyrings.keys()], source => rotating(current, source, now()))
  announce(first)

  function announce(secrets: SecretsBySource): void {
    for (const [source, { secrets: list }] of secrets) for (const { id } of list) metrics.verified(source, id, 0)
  }

  function fail(problems: readonly string[]): Look {
    metrics.reloadFailed()
    const sentence = problems.join('; ')
    // once for each cause, not with every look
    if (sentence !== said) log.error({ problems }, 'secrets not reloaded: the last good ones stay')
    said = sentence
    return 'failed'
  }

  async function look(): Promise<Look> {
    const loaded = await load()
    if (!loaded.ok) return fail(loaded.problems)
    const gone = [...keyrings.keys()].filter(source => !loaded.value.has(source))
    if (gone.length > 0) return fail(gone.map(source => `there is no secret of ${source} any more`))
    if (said !== '') log.info('secrets can be reloaded again')
    said = ''
    if (isDeepStrictEqual(loaded.value, current)) return 'unchanged'

    for (const [source, { secrets }] of loaded.value) keyrings.get(source)?.replace(secrets)
    current = loaded.value
    announce(current)
    const unrouted = [...current.keys()].filter(source => !keyrings.has(source))
    log.info({ ...told(current, now()), ...(unrouted.length > 0 && { needs_restart: unrouted }) }, 'secrets reloaded')
    return 'changed'
  }

  return { look, current: () => current }
}

function told(secrets: SecretsBySource, at: number) {
  const ids = Object.fromEntries([...secrets].map(([source, own]) => [source, own.secrets.map(({ id }) => id)]))
  const windows = [...secrets].flatMap(([source, { rotatingUntil }]) =>
    rotating(secrets, source, at) ? [[source, new Date(rotatingUntil).toISOString()]] : [],
  )
  return { ids, ...(windows.length > 0 && { rotating_until: Object.fromEntries(windows) }) }
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
