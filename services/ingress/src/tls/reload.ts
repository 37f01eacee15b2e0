import type { Log } from '@hookline/service'
import type { ConnectionMetrics } from '../connection-metrics.ts'
import { follow } from '../follow.ts'
import type { Following } from '../follow.ts'
import type { Parsed } from '../secrets/document.ts'
import type { Certificate } from './certificate.ts'

export interface CertificateReloadOptions {
  /** Never rejects. */
  readonly load: () => Promise<Parsed<Certificate>>
  /** What is in force. */
  readonly first: Certificate
  readonly replace: (certificate: Certificate) => void
  readonly log: Log
  readonly metrics: ConnectionMetrics
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Follows the certificate's files. While one is written and the other not yet they do not fit each other: the next look does. */
export function certificateReload(options: CertificateReloadOptions): Following<Certificate> {
  const { load, first, replace, log, metrics, now } = options
  const following = follow({
    load,
    first,
    take: certificate => {
      replace(certificate)
      return { not_after: new Date(certificate.notAfter).toISOString() }
    },
    failed: metrics.certificateNotReloaded,
    lines: {
      failed: 'certificate not reloaded: the last good one stays',
      mended: 'the certificate can be reloaded again',
      taken: 'certificate reloaded',
    },
    log,
  })
  metrics.certificateLeft(() => following.current().notAfter - now())
  return following
}
