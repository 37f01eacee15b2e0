import type { Log } from '@hookline/service'
import type { FailureBudget } from './failure-budget.ts'
import type { IngressMetrics } from './ingress-metrics.ts'
import { MAX_UNVERIFIED_COPY_BYTES, REJECTED_TOPIC } from './limits.ts'
import type { Publish } from './publish.ts'
import { rejectedRecord, rejectedRequest } from './quarantine/record.ts'
import type { ReceivedRequest } from './quarantine/record.ts'
import type { Evidence } from './verifiers/evidence.ts'

export interface UnverifiedOptions {
  readonly publish: Publish
  readonly budget: FailureBudget
  readonly log: Log
  readonly metrics: IngressMetrics
}

/**
 * Logs a request that failed verification and keeps a copy, as long as there is budget. The 401 neither waits for it
 * nor depends on it.
 */
export function unverifiedCopies({ publish, budget, log, metrics }: UnverifiedOptions) {
  return (request: ReceivedRequest, address: string, evidence: () => Evidence): void => {
    if (!budget(address, request.receivedAt)) return metrics.copied({ outcome: 'over_budget' })
    const { source, reason, requestId, secretId } = request
    const made = secretId === undefined ? {} : { secret_id: secretId }
    // one line, once all of it is known
    const tell = (copy: 'stored' | 'failed', error?: unknown) => {
      metrics.copied({ outcome: copy })
      const err = error === undefined ? {} : { err: error }
      log.warn({ source, reason, request_id: requestId, ...made, copy, ...err }, 'verification failed')
    }
    const copy = rejectedRequest({ ...request, evidence: evidence() }, MAX_UNVERIFIED_COPY_BYTES)
    publish(REJECTED_TOPIC, rejectedRecord(copy)).then(
      () => tell('stored'),
      (error: unknown) => tell('failed', error),
    )
  }
}
