/** One request that a target saw, in the order in which the targets decided on them. */
export type LedgerEntry = {
  /** Rises by one per entry, also across `DELETE /ledger`. */
  n: number
  /** When the request was decided: work done or refused (ISO-8601 UTC). */
  at: string
  /** When its head arrived; [arrived_at, at] is how long it was worked on. */
  arrived_at: string
  order_id: string
  source: string
  event: string
  effect: string
  /** `Idempotency-Key` or Message-ID; empty if there was none. */
  key: string
  version: string
  /** True only where this very request did the work. */
  executed: boolean
  /** The answer's HTTP status or SMTP reply code, 0 where the connection was reset before there was one. */
  status: number
  /** The fault that bit this request. */
  fault?: string
  /** First 16 hex of SHA-256 over the body as received (HTTP only): equal on a retry that sends the same bytes. */
  body_digest?: string
}

export type Ledger = {
  add(entry: Omit<LedgerEntry, 'n' | 'at'>): LedgerEntry
  /** The JSON of `GET /ledger` in pieces, as it stands now: what is added or deleted meanwhile does not show. */
  read(only: { orderId?: string; after?: number }): Iterable<string>
  clear(): void
}

const ROWS_PER_PIECE = 1_000

export function createLedger(): Ledger {
  let cleared = 0
  let rows: string[] = []
  let rowsOfOrder = new Map<string, number[]>()

  return {
    add(fields) {
      const entry: LedgerEntry = { n: cleared + rows.length + 1, at: new Date().toISOString(), ...fields }
      const ofOrder = rowsOfOrder.get(entry.order_id)
      if (ofOrder) ofOrder.push(rows.length)
      else rowsOfOrder.set(entry.order_id, [rows.length])
      // Kept as JSON: with 200,000 rows GET /ledger only joins strings and never blocks the targets.
      rows.push(JSON.stringify(entry))
      return entry
    },
    read({ orderId, after = 0 }) {
      const first = Math.max(0, after - cleared)
      if (orderId === undefined) return pieces(rows, range(first, rows.length))
      const found = (rowsOfOrder.get(orderId) ?? []).filter(row => row >= first)
      return pieces(rows, found)
    },
    clear() {
      cleared += rows.length
      rows = []
      rowsOfOrder = new Map()
    },
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}

function* pieces(rows: readonly string[], wanted: readonly number[]): Generator<string> {
  yield '{"entries":['
  for (let at = 0; at < wanted.length; at += ROWS_PER_PIECE) {
    const piece = wanted.slice(at, at + ROWS_PER_PIECE).map(row => rows[row])
    yield (at > 0 ? ',\n' : '\n') + piece.join(',\n')
  }
  yield ']}\n'
}
