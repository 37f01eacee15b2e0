import type { Metrics } from '@hookline/service'
import { HANDSHAKE_FAILURES } from './tls/handshakes.ts'
import type { HandshakeFailure } from './tls/handshakes.ts'

const DAY_MS = 86_400_000

/** What is measured before there is a request. */
export interface ConnectionMetrics {
  readonly connections: (read: () => number) => void
  readonly displaced: () => void
  readonly handshakeFailed: (reason: HandshakeFailure) => void
  /** `read`: milliseconds until our certificate ends. */
  readonly certificateLeft: (read: () => number) => void
  readonly certificateNotReloaded: () => void
}

export function connectionMetrics(metrics: Metrics): ConnectionMetrics {
  const displaced = metrics.counter({
    name: 'hookline_ingress_connections_displaced_total',
    help: 'Quiet connections that were closed because MAX_CONNECTIONS were open and another one came.',
    labels: {},
  })
  const failed = metrics.counter({
    name: 'hookline_ingress_tls_handshakes_failed_total',
    help: 'Connections that ended before TLS was agreed on, by why.',
    labels: { reason: HANDSHAKE_FAILURES },
  })
  const notReloaded = metrics.counter({
    name: 'hookline_ingress_tls_certificate_reload_failures_total',
    help: 'Looks at the certificate files that found them unreadable or not usable. The last good ones stay.',
    labels: {},
  })
  return {
    connections: read =>
      metrics.gauge({ name: 'hookline_ingress_connections', help: 'Connections that are open.', read }),
    displaced: () => displaced({}),
    handshakeFailed: reason => failed({ reason }),
    certificateLeft: read =>
      metrics.gauge({
        name: 'hookline_ingress_tls_certificate_days',
        help: 'Days until the certificate ends. Negative: it has.',
        read: () => read() / DAY_MS,
      }),
    certificateNotReloaded: () => notReloaded({}),
  }
}
