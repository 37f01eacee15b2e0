/** What the process that makes the load is told. */
export interface LoadPlan {
  readonly url: string
  readonly ratePerS: number
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

export type FromLoad = { readonly kind: 'ready' } | { readonly kind: 'done'; readonly samples: readonly Sample[] }
