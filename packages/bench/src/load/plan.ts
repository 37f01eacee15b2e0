/** What the process that makes the load is told. */
export type LoadPlan = OpenPlan | ClosedPlan

/** Webhooks come at their time, whether or not those before them are answered. Each is of another order. */
export interface OpenPlan extends Sending {
  readonly loop: 'open'
  readonly ratePerS: number
  /** One that has found no free connection for so long is not sent at all. None: all are sent. */
  readonly maxLateMs?: number
}

/**
 * Each connection sends the next webhook when the last one is answered: first all of one order, one after another, then
 * those of the next. Webhook `n` is number `n % WEBHOOKS_OF_ORDER` of its order.
 */
export interface ClosedPlan extends Sending {
  readonly loop: 'closed'
}

interface Sending {
  readonly url: string
  readonly forMs: number
  /** Kept open, over all addresses together; a request that finds none free waits, and its wait counts. */
  readonly connections: number
  /** Local addresses that they come from. */
  readonly addresses: readonly string[]
  /** The first part of the order ids. */
  readonly orders: string
  /** Used in turn. */
  readonly secrets: readonly SenderSecret[]
}

export interface SenderSecret {
  readonly id: string
  readonly secret: string
}

export type ToLoad =
  | { readonly kind: 'start'; readonly plan: LoadPlan }
  | { readonly kind: 'use'; readonly secrets: readonly SenderSecret[] }

export type FromLoad = { readonly kind: 'ready' } | { readonly kind: 'done'; readonly answers: Answers }

/** Of webhook `n`, in columns: a million of them as objects would cost more than to send them. */
export interface Answers {
  /** The status; `NO_ANSWER` or `NOT_SENT`. */
  readonly status: Uint16Array
  /** How long after its time it was sent; 0 in a closed loop. */
  readonly lateMs: Float32Array
  /** From its time to its whole answer. */
  readonly tookMs: Float32Array
  /** Which of `secrets` it was sent with. */
  readonly secret: Uint8Array
  /** The ids of all that were used. */
  readonly secrets: readonly string[]
  /** Milliseconds since 1970. */
  readonly startedMs: number
  /** From the first sent to the last answer. */
  readonly elapsedMs: number
  /** What it cost to make the load. */
  readonly cpuMs: number
}

export const NO_ANSWER = 0
export const NOT_SENT = 1

/** One request. */
export interface Sample {
  /** When it was due, milliseconds since 1970. */
  readonly dueMs: number
  /** From then on to its whole answer. */
  readonly tookMs: number
  /** 0: no answer. */
  readonly status: number
  /** The id of the secret that it was made with. */
  readonly secret: string
}
