/** Which requests a fault bites; without any of these every one, until the next `PUT /faults`. */
type Scope = {
  order_id?: string
  /** Probability, 0 to 1. */
  rate?: number
  /** Bites this many requests, then it is over. */
  count?: number
  for_ms?: number
}

/** The body of `PUT /faults`. */
export type Fault = Scope &
  (
    | { mode: 'ok' }
    | { mode: 'down' }
    | { mode: 'status'; status: number; retry_after_s?: number }
    | { mode: 'slow'; delay_ms: number }
    | { mode: 'drop-answer' }
  )

/** A fault that bites. */
type ActiveFault = Exclude<Fault, { mode: 'ok' }>

/** JSON Schema of {@link Fault}. */
export const faultSchema = {
  type: 'object',
  required: ['mode'],
  additionalProperties: false,
  properties: {
    mode: { enum: ['ok', 'down', 'status', 'slow', 'drop-answer'] },
    status: { type: 'integer', minimum: 300, maximum: 599 },
    retry_after_s: { type: 'number', minimum: 0 },
    delay_ms: { type: 'number', minimum: 0 },
    order_id: { type: 'string' },
    rate: { type: 'number', minimum: 0, maximum: 1 },
    count: { type: 'integer', minimum: 1 },
    for_ms: { type: 'number', minimum: 0 },
  },
  anyOf: [
    { properties: { mode: { enum: ['ok', 'down', 'drop-answer'] } } },
    { properties: { mode: { const: 'status' } }, required: ['status'] },
    { properties: { mode: { const: 'slow' } }, required: ['delay_ms'] },
  ],
} as const

export type Faults = {
  set(fault: Fault): void
  /** The fault as set, or `ok` once it is over. */
  current(): Fault
  /** How many requests or connections were bitten since the start. */
  bites(): number
  /**
   * The fault that bites the request at hand, used up by it.
   * Without an order (a mail connection, whose order is not known yet) a fault for one order does not bite.
   */
  take(orderId?: string, modes?: readonly Fault['mode'][]): ActiveFault | undefined
}

export function createFaults(now: () => number = () => performance.now()): Faults {
  let fault: Fault = { mode: 'ok' }
  let endsAt = Infinity
  let left = Infinity
  let bites = 0

  function current(): Fault {
    return left > 0 && now() < endsAt ? fault : { mode: 'ok' }
  }

  return {
    set(next) {
      fault = next
      endsAt = next.for_ms === undefined ? Infinity : now() + next.for_ms
      left = next.count ?? Infinity
    },
    current,
    bites: () => bites,
    take(orderId, modes) {
      const active = current()
      if (active.mode === 'ok') return undefined
      if (modes && !modes.includes(active.mode)) return undefined
      if (active.order_id !== undefined && active.order_id !== orderId) return undefined
      if (active.rate !== undefined && Math.random() >= active.rate) return undefined
      left -= 1
      bites += 1
      return active
    },
  }
}
