import type { Log } from '@hookline/service'
import { follow } from '../follow.ts'
import type { Following } from '../follow.ts'
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

const LINES = {
  failed: 'secrets not reloaded: the last good ones stay',
  mended: 'secrets can be reloaded again',
  taken: 'secrets reloaded',
}

/** Follows where the secrets come from. */
export function secretsReload({ load, first, keyrings, log, metrics, now }: ReloadOptions): Following<SecretsBySource> {
  const following = follow({
    load: async () => withAllSources(await load(), keyrings),
    first,
    take: secrets => {
      for (const [source, own] of secrets) keyrings.get(source)?.replace(own.secrets)
      announce(secrets)
      const unrouted = [...secrets.keys()].filter(source => !keyrings.has(source))
      return { ...told(secrets, now()), ...(unrouted.length > 0 && { needs_restart: unrouted }) }
    },
    failed: metrics.reloadFailed,
    lines: LINES,
    log,
  })
  const { current } = following

  metrics.validSecrets([...keyrings.keys()], source => validSecrets(current(), source, now()).length)
  metrics.rotating([...keyrings.keys()], source => rotating(current(), source, now()))
  announce(first)

  function announce(secrets: SecretsBySource): void {
    for (const [source, { secrets: list }] of secrets) for (const { id } of list) metrics.verified(source, id, 0)
  }

  return following
}

/** A source that has a route must not lose its last secret. */
function withAllSources(loaded: Parsed<SecretsBySource>, keyrings: ReadonlyMap<string, Keyring>) {
  if (!loaded.ok) return loaded
  const gone = [...keyrings.keys()].filter(source => !loaded.value.has(source))
  if (gone.length === 0) return loaded
  return { ok: false, problems: gone.map(source => `there is no secret of ${source} any more`) } as const
}

function told(secrets: SecretsBySource, at: number) {
  const ids = Object.fromEntries([...secrets].map(([source, own]) => [source, own.secrets.map(({ id }) => id)]))
  const windows = [...secrets].flatMap(([source, { rotatingUntil }]) =>
    rotating(secrets, source, at) ? [[source, new Date(rotatingUntil).toISOString()]] : [],
  )
  return { ids, ...(windows.length > 0 && { rotating_until: Object.fromEntries(windows) }) }
}
