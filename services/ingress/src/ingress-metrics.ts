import { catalogues } from '@hookline/contracts'
import type { Metrics } from '@hookline/service'

/** How a request ended. */
const OUTCOMES = [
  'accepted',
  'quarantined',
  'refused',
  'unauthenticated',
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

/** `none`: the request never reached a source. */
const SOURCES: readonly string[] = [...Object.keys(catalogues), 'none']

export interface IngressMetrics {
  readonly answered: (labels: { source: string; outcome: Outcome }) => void
  readonly acceptedAfter: (labels: { source: string }, seconds: number) => void
  /** Copies of requests that failed verification: `over_budget` ones were only answered. */
  readonly copied: (labels: { outcome: 'stored' | 'failed' | 'over_budget' }) => void
  readonly load: (read: () => { requests: number; bytes: number }) => void
}

export function ingressMetrics(metrics: Metrics): IngressMetrics {
  return {
    answered: metrics.counter({
      name: 'hookline_ingress_requests_total',
      help: 'Requests by how they ended.',
      labels: { source: SOURCES, outcome: OUTCOMES },
    }),
    acceptedAfter: metrics.histogram({
      name: 'hookline_ingress_accepted_seconds',
      help: 'From the whole request read to Kafka having stored its record.',
      labels: { source: SOURCES },
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    }),
    copied: metrics.counter({
      name: 'hookline_ingress_unverified_copies_total',
      help: 'Copies of requests that failed verification.',
      labels: { outcome: ['stored', 'failed', 'over_budget'] },
    }),
    load: read => {
      metrics.gauge({
        name: 'hookline_ingress_in_flight_requests',
        help: 'Requests that are not answered yet.',
        read: () => read().requests,
      })
      metrics.gauge({
        name: 'hookline_ingress_in_flight_bytes',
        help: 'Bytes reserved for their bodies.',
        read: () => read().bytes,
      })
    },
  }
}
