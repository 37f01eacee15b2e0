import type { Target } from './expectations.ts'
import type { PlannedEvent } from './plan.ts'

/** One thing that is not as it must be. */
export interface Finding {
  readonly kind: FindingKind
  readonly order: { readonly id: string }
  /** Where it was seen; absent where it is about the ingress. */
  readonly target?: Target
  /** What was seen, for a person. */
  readonly seen: string
}

/** Each kind of wrong, as a sentence that follows how often it was seen. */
export const FINDING_KINDS = {
  'not acked': 'genuine events were never answered with 2xx',
  'forgery accepted': 'requests with a wrong secret were answered with 2xx',
  'forgery executed': 'effects come from requests with a wrong secret',
  'not asked for': 'requests at a target belong to no event that asks for them',
  lost: 'effects of acked events are missing: what was answered with 2xx is lost',
  'executed twice': 'effects were executed more than once',
  'requested again':
    'effects were requested again after the target had answered: duplicates are not dropped, look at the unique index webhook_event_dedupe',
  'changed on retry': 'effects were retried with another key or other bytes than the first time',
  'went back': 'older events were executed after newer ones: the order of versions is not kept, look at the floors',
  'released after terminal': 'goods or confirmations were released after a cancellation or a full refund',
  'not newest': 'orders do not end at their newest state',
  'before order.created': 'effects came before the event that makes their order known',
} as const

export type FindingKind = keyof typeof FINDING_KINDS

/** `captured (10:31:07)`, as people find it in `hookline order`. */
export function nameOf({ step, atMs }: PlannedEvent): string {
  return `${step.event} (${new Date(atMs).toISOString().slice(11, 19)})`
}
