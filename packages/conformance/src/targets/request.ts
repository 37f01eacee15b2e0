import type { DueEffect, OrderEvent, SuiteOrder } from '../events/order.ts'

/** How a request ended: answered with this status, cut off by us, or left by who made it. */
export type Ended =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'left' }

/** One request that a target got: each is written down, whatever its key. */
export interface SeenRequest {
  readonly n: number
  readonly target: string
  readonly order: SuiteOrder
  readonly event: OrderEvent
  /** The effect it is for; where the request does not say and the event has several, the request's own shape. */
  readonly effect: string
  readonly declared: DueEffect | undefined
  /** `Idempotency-Key` or Message-ID; empty where there is none. */
  readonly key: string
  /** Of the bytes as they came; of a mail, of what a person reads of it. */
  readonly digest: string
  /** Monotonic milliseconds. */
  readonly begunMs: number
  /** Undefined while it is open. */
  ended?: Ended & { readonly atMs: number }
}

/** What a target is to do with a request. It never looks at the key. */
export type Answer =
  | { readonly kind: 'ok'; readonly afterMs?: number; readonly afterwards?: () => void }
  | { readonly kind: 'refuse'; readonly status: number }
  /** The work is done, and the connection ends without an answer. */
  | { readonly kind: 'cut' }
  /** The work is done, and no answer comes as long as somebody waits for it. */
  | { readonly kind: 'never' }

/** `earlier`: requests before this one for the same event and effect. */
export type Script = (request: SeenRequest, earlier: readonly SeenRequest[]) => Answer

/** What a request says of itself, before it is known what it is for. */
export interface RawRequest {
  readonly target: string
  /** Of `X-Hookline-Event`, where it has one. */
  readonly header: string | undefined
  readonly key: string
  /** Where an order id and an event's time or version are looked for: the address and the contents. */
  readonly text: string
  /** What requests of one effect have in common, such as `PUT /orders/…/fulfilment`, order ids taken out. */
  readonly shape: string
  readonly digest: string
}

export function isDone(request: SeenRequest): boolean {
  return request.ended?.kind === 'answered' && request.ended.status < 300
}

/** Same effect of the same event of the same order. */
export function isSame(a: Pick<SeenRequest, 'order' | 'event' | 'effect'>, b: typeof a): boolean {
  return a.order === b.order && a.event === b.event && a.effect === b.effect
}
