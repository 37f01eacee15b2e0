import { sampler } from '@hookline/service'
import type { Log } from '@hookline/service'
import type { IngressMetrics } from '../ingress-metrics.ts'
import { MAX_BODY_BYTES, MAX_UNVERIFIED_COPY_BYTES, REJECTED_TOPIC } from '../limits.ts'
import type { Publish } from '../publish.ts'
import type { Evidence } from '../verifiers/evidence.ts'
import { addressBudget } from './address-budget.ts'
import { quarantineBounds } from './bounds.ts'
import type { QuarantineLimits } from './bounds.ts'
import { rejectedRecord, rejectedRequest } from './record.ts'
import type { ReceivedRequest, RejectedRequest } from './record.ts'

export interface QuarantineOptions {
  /** The sources that have a route. */
  readonly sources: readonly string[]
  readonly limits: QuarantineLimits
  readonly publish: Publish
  readonly log: Log
  readonly metrics: IngressMetrics
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Where requests are kept that are not handled. */
export interface Quarantine {
  /**
   * Logs a request that failed verification, sampled, and keeps a copy where there is room. Its answer neither waits for
   * it nor depends on it. `evidence` is only asked where a copy is made.
   */
  readonly copy: (request: ReceivedRequest, address: string, evidence: () => Evidence) => void
  /** Keeps a verified request, whole. `full`: there is no room, and nothing was kept. Rejects as `publish` does. */
  readonly keep: (request: ReceivedRequest) => Promise<'stored' | 'full'>
}

/** `over_budget`: its address has used up its own. `waiting`: Kafka is slow. `full`: the source's bound is reached. */
export const COPY_OUTCOMES = ['stored', 'failed', 'over_budget', 'waiting', 'full'] as const

export type CopyOutcome = (typeof COPY_OUTCOMES)[number]

/** Wide: where a secret was changed on one side only, all webhooks of a sender fail, and it soon gives each of them up. */
const PER_ADDRESS = { burst: 1_000, perSecond: 1, maxAddresses: 10_000 }

/** Copies of unverified requests on their way to Kafka: where it is slow, its queue is for what is to be acknowledged. */
const MAX_WAITING = 200

type Told = Pick<RejectedRequest, 'source' | 'reason' | 'requestId' | 'secretId'>

const ONE_LINE_EACH_MS = 1_000

export function quarantine({ sources, limits, publish, log, metrics, now }: QuarantineOptions): Quarantine {
  const bounds = quarantineBounds(limits)
  const mayCopy = addressBudget(PER_ADDRESS)
  const sample = sampler({ everyMs: ONE_LINE_EACH_MS, now })
  let waiting = 0

  metrics.quarantineLeft(sources, (source, kind) => bounds.left(source, kind, now()))

  /** Room for it must have been taken. */
  async function store(kept: RejectedRequest): Promise<void> {
    const { source, body } = kept
    const kind = kept.verified ? 'verified' : 'unverified'
    try {
      await publish(REJECTED_TOPIC, rejectedRecord(kept))
      metrics.quarantined({ source, kind, outcome: 'stored' })
    } catch (error) {
      metrics.quarantined({ source, kind, outcome: 'failed' })
      // otherwise an outage of Kafka would use up the room, and nothing would be in it
      if (isSurelyNotStored(error)) bounds.giveBack(source, kind, body.length)
      throw error
    }
  }

  /** Only what is kept: a request that waits here would hold the whole of its body. */
  async function storeCopy(kept: RejectedRequest): Promise<void> {
    waiting += 1
    try {
      await store(kept)
      tell(kept, 'stored')
    } catch (error) {
      tell(kept, 'failed', error)
    } finally {
      waiting -= 1
    }
  }

  /** Takes room for a copy, or says why there is none. */
  function noRoom({ source, receivedAt, body }: ReceivedRequest, address: string): CopyOutcome | undefined {
    if (!mayCopy(address, receivedAt)) return 'over_budget'
    if (waiting >= MAX_WAITING) return 'waiting'
    const bytes = Math.min(body.length, MAX_UNVERIFIED_COPY_BYTES)
    return bounds.take(source, 'unverified', bytes, receivedAt) ? undefined : 'full'
  }

  function tell({ source, reason, requestId, secretId }: Told, copy: CopyOutcome, error?: unknown): void {
    const suppressed = sample(`${source} ${reason}`)
    if (suppressed === undefined) return
    const made = secretId === undefined ? {} : { secret_id: secretId }
    const err = error === undefined ? {} : { err: error }
    log.warn({ source, reason, request_id: requestId, ...made, copy, suppressed, ...err }, 'verification failed')
  }

  return {
    copy(request, address, evidence) {
      const why = noRoom(request, address)
      if (why === undefined) {
        void storeCopy(rejectedRequest({ ...request, evidence: evidence() }, MAX_UNVERIFIED_COPY_BYTES))
        return
      }
      metrics.quarantined({ source: request.source, kind: 'unverified', outcome: why })
      tell(request, why)
    },
    async keep(request) {
      const { source, receivedAt, body } = request
      if (bounds.take(source, 'verified', body.length, receivedAt)) {
        await store(rejectedRequest(request, MAX_BODY_BYTES))
        return 'stored'
      }
      metrics.quarantined({ source, kind: 'verified', outcome: 'full' })
      return 'full'
    },
  }
}

function isSurelyNotStored(error: unknown): boolean {
  return error instanceof Error && 'mayBeStored' in error && error.mayBeStored === false
}
