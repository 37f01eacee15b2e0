import { TARGETS, type Target } from './expectations.ts'
import type { StackInfo } from '../stack-file.ts'

/** One request or mail that a target saw: what the demo reads of a sandbox's ledger. */
export interface LedgerEntry {
  /** Rises in the order in which the target decided. */
  readonly n: number
  /** ISO-8601: decided, and arrived. */
  readonly at: string
  readonly arrived_at: string
  readonly order_id: string
  readonly event: string
  readonly effect: string
  /** `Idempotency-Key` or Message-ID. */
  readonly key: string
  readonly version: string
  /** This very request did the work. */
  readonly executed: boolean
  /** 0 where there was no answer. */
  readonly status: number
  readonly fault?: string
  readonly body_digest?: string
}

export type Ledgers = Readonly<Record<Target, readonly LedgerEntry[]>>

/** What the ERP and the WMS made of an order: `GET /orders/:id`. */
export interface TargetOrder {
  readonly status: string | null
  readonly last_webhook_at: string | null
  readonly fulfilment?: 'release' | 'hold' | null
  readonly shipments?: Readonly<Record<string, PartState>>
  readonly returns?: Readonly<Record<string, PartState>>
}

interface PartState {
  readonly status?: string | null
  readonly last_webhook_at?: string | null
}

/** By order id. */
export type TargetOrders = Readonly<Record<'erp' | 'wms', ReadonlyMap<string, TargetOrder>>>

export interface LedgerReader {
  readonly ledgers: Ledgers
  /** When something new was read last, by `performance.now()`. */
  readonly changedAt: number
  /** Reads what came since; who asks meanwhile waits for the same reading. */
  read(): Promise<void>
}

const LIMIT_MS = 10_000
const ORDERS_AT_A_TIME = 16

export function ledgerReader(sandbox: StackInfo['sandbox']): LedgerReader {
  const ledgers: Record<Target, LedgerEntry[]> = { erp: [], wms: [], mail: [] }
  let changedAt = performance.now()
  let reading: Promise<void> | undefined

  async function readOne(target: Target): Promise<void> {
    const after = ledgers[target].at(-1)?.n ?? 0
    const { entries } = await get<{ entries: LedgerEntry[] }>(`${sandbox[target]}/ledger?after=${after}`)
    ledgers[target].push(...entries)
    if (entries.length > 0) changedAt = performance.now()
  }

  async function readAll(): Promise<void> {
    try {
      await Promise.all(TARGETS.map(readOne))
    } finally {
      reading = undefined
    }
  }

  return {
    ledgers,
    get changedAt() {
      return changedAt
    },
    read: () => (reading ??= readAll()),
  }
}

/** What the targets say of these orders now; one that they do not know is absent. */
export async function readOrders(sandbox: StackInfo['sandbox'], orderIds: readonly string[]): Promise<TargetOrders> {
  const found = { erp: new Map<string, TargetOrder>(), wms: new Map<string, TargetOrder>() }
  const waiting = orderIds.flatMap(id => [{ target: 'erp', id } as const, { target: 'wms', id } as const])

  async function worker(): Promise<void> {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { target, id } = next
      const answer = await fetch(`${sandbox[target]}/orders/${id}`, { signal: AbortSignal.timeout(LIMIT_MS) })
      const order: TargetOrder = JSON.parse(await answer.text())
      if (answer.ok) found[target].set(id, order)
      else if (answer.status !== 404) throw new Error(`the ${target} sandbox answers ${answer.status}`)
    }
  }

  await Promise.all(Array.from({ length: ORDERS_AT_A_TIME }, worker))
  return found
}

async function get<T>(url: string): Promise<T> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  const body: T = JSON.parse(await answer.text())
  return body
}
