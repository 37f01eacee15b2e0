import type { Metrics } from '@hookline/service'
import { connectionMetrics } from './connection-metrics.ts'
import type { ConnectionMetrics } from './connection-metrics.ts'
import { KINDS } from './quarantine/bounds.ts'
import type { Kind } from './quarantine/bounds.ts'
import { COPY_OUTCOMES } from './quarantine/quarantine.ts'
import type { CopyOutcome } from './quarantine/quarantine.ts'
import type { Source } from './sources/source.ts'
import { FAILURES } from './verifiers/verifier.ts'
import type { Failure } from './verifiers/verifier.ts'
import { failedRatio } from './waves/is-wave.ts'
import type { Verdicts } from './waves/is-wave.ts'

/** How a request ended. */
const OUTCOMES = [
  'accepted',
  'quarantined',
  'refused',
  'unauthenticated',
  'rotating',
  'wrong_path',
  'wrong_method',
  'wrong_media_type',
  'too_large',
  'malformed',
  'too_slow',
  'unavailable',
  'overloaded',
  'client_gone',
  'internal',
] as const

export type Outcome = (typeof OUTCOMES)[number]

/** Ids of secrets that a source has series for; what a process reloads later counts as `other`. */
const MAX_SECRET_IDS = 100

/** `source` is its catalogue's name; `none`: the request never reached one. */
export interface IngressMetrics extends ConnectionMetrics {
  readonly answered: (labels: { source: string; outcome: Outcome }) => void
  readonly acceptedAfter: (labels: { source: string }, seconds: number) => void
  /** What became of a request for quarantine. */
  readonly quarantined: (labels: { source: string; kind: Kind; outcome: CopyOutcome }) => void
  /** `read`: how much room there is still, from 1 to 0. */
  readonly quarantineLeft: (sources: readonly string[], read: (source: string, kind: Kind) => number) => void
  /** By the id of the secret that matched. */
  readonly verified: (source: string, secretId: string, count?: number) => void
  readonly notVerified: (labels: { source: string; reason: Failure }) => void
  /** `read`: the last minute's requests of a source. */
  readonly lastMinute: (sources: readonly string[], read: (source: string) => Verdicts) => void
  /** `read`: how many secrets of a source are valid now. */
  readonly validSecrets: (sources: readonly string[], read: (source: string) => number) => void
  /** `read`: whether a rotation window of a source is open. */
  readonly rotating: (sources: readonly string[], read: (source: string) => boolean) => void
  readonly reloadFailed: () => void
  readonly load: (read: () => { requests: number; bytes: number }) => void
}

/** `opened`: the sources that have a route. */
export function ingressMetrics(metrics: Metrics, opened: readonly Source[]): IngressMetrics {
  const names = opened.map(({ catalogue }) => catalogue.source)
  const orNone = [...names, 'none']
  const reloadFailed = metrics.counter({
    name: 'hookline_secrets_reload_failures_total',
    help: 'Looks at the secrets that found them unreadable or not usable. The last good ones stay.',
    labels: {},
  })
  return {
    ...connectionMetrics(metrics),
    verified: verifiedBy(metrics, names),
    notVerified: metrics.counter({
      name: 'hookline_webhooks_not_verified_total',
      help: 'Requests that failed verification, by why.',
      labels: { source: names, reason: FAILURES },
    }),
    lastMinute: (values, read) => {
      metrics.gaugeOf({
        name: 'hookline_webhooks_verified_last_minute',
        help: 'Requests of the last 60 s that were verified.',
        label: 'source',
        values,
        read: source => read(source).verified,
      })
      metrics.gaugeOf({
        name: 'hookline_webhooks_not_verified_last_minute',
        help: 'Requests of the last 60 s that failed verification.',
        label: 'source',
        values,
        read: source => read(source).failed,
      })
      metrics.gaugeOf({
        name: 'hookline_webhooks_not_verified_ratio',
        help: 'Their share of the last 60 s, from 0 to 1; 0 where nothing came.',
        label: 'source',
        values,
        read: source => failedRatio(read(source)),
      })
    },
    validSecrets: (sources, read) =>
      metrics.gaugeOf({
        name: 'hookline_secrets_valid',
        help: 'Secrets that are valid now. At 0 every webhook of the source is refused.',
        label: 'source',
        values: sources,
        read,
      }),
    rotating: (sources, read) =>
      metrics.gaugeOf({
        name: 'hookline_secrets_rotating',
        help: '1 while a rotation window is open: requests with an unknown secret are answered 503 instead of 401.',
        label: 'source',
        values: sources,
        read: source => (read(source) ? 1 : 0),
      }),
    reloadFailed: () => reloadFailed({}),
    answered: metrics.counter({
      name: 'hookline_ingress_requests_total',
      help: 'Requests by how they ended.',
      labels: { source: orNone, outcome: OUTCOMES },
    }),
    acceptedAfter: metrics.histogram({
      name: 'hookline_ingress_accepted_seconds',
      help: 'From the whole request read to Kafka having stored its record.',
      labels: { source: names },
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    }),
    quarantined: metrics.counter({
      name: 'hookline_quarantine_requests_total',
      help: 'Requests for quarantine, by what became of them. Only the stored ones are in it.',
      labels: { source: names, kind: KINDS, outcome: COPY_OUTCOMES },
    }),
    quarantineLeft: (sources, read) => {
      for (const kind of KINDS) {
        metrics.gaugeOf({
          name: `hookline_quarantine_${kind}_left_ratio`,
          help: `Room for ${kind} requests, of records or bytes, whichever is less. At 0 no more are kept.`,
          label: 'source',
          values: sources,
          read: source => read(source, kind),
        })
      }
    },
    load: read => {
      metrics.gauge({
        name: 'hookline_ingress_in_flight_requests',
        help: 'Requests that are not answered yet.',
        read: () => read().requests,
      })
      metrics.gauge({
        name: 'hookline_ingress_in_flight_bytes',
        help: 'Memory that their bodies take.',
        read: () => read().bytes,
      })
    },
  }
}

/** Ids come from the configuration alone, so a flood makes no series; a process that reloads for years makes few. */
function verifiedBy(metrics: Metrics, names: readonly string[]): IngressMetrics['verified'] {
  const known = new Map(names.map(name => [name, new Set<string>()]))
  // a product of all sources and all ids would have series that cannot be
  const labels: { source: readonly string[]; secret: readonly string[] } = { source: [], secret: [] }
  const count = metrics.counter({
    name: 'hookline_webhooks_verified_total',
    help: 'Verified requests, by the id of the secret that they were made with.',
    labels,
  })
  return (source, secretId, by) => {
    const ids = known.get(source)
    if (ids === undefined) return
    if (ids.size < MAX_SECRET_IDS) ids.add(secretId)
    count({ source, secret: ids.has(secretId) ? secretId : 'other' }, by)
  }
}
