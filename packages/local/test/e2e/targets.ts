import type { StackInfo } from '../../src/stack-file.ts'

export const TARGETS = ['erp', 'wms', 'mail'] as const
export type Target = (typeof TARGETS)[number]

/** One request that a target saw, as `GET /ledger` shows it. */
export interface LedgerEntry {
  readonly n: number
  /** When it was decided on. */
  readonly at: string
  readonly arrived_at: string
  readonly order_id: string
  readonly event: string
  readonly effect: string
  /** `Idempotency-Key` or Message-ID. */
  readonly key: string
  readonly version: string
  readonly executed: boolean
  readonly status: number
}

export type Ledgers = Readonly<Record<Target, readonly LedgerEntry[]>>

/** What the ERP's or the warehouse's effects made of an order. */
export interface OrderState {
  readonly status: string
  readonly version: string
  readonly last_webhook_at: string
  readonly entries: Readonly<Record<string, number>>
  readonly fulfilment: 'release' | 'hold' | null
  readonly shipments: Readonly<Record<string, { readonly status: string }>>
}

/** Which requests a fault bites; without any of these all of them. */
interface Scope {
  readonly order_id?: string
  /** Probability, 0 to 1. */
  readonly rate?: number
  /** So many, then it is over. */
  readonly count?: number
}

export type Fault =
  | { readonly mode: 'ok' }
  | (Scope & { readonly mode: 'down' })
  | (Scope & { readonly mode: 'slow'; readonly delay_ms: number })
  | (Scope & { readonly mode: 'status'; readonly status: number })
  | (Scope & { readonly mode: 'drop-answer' })

/** Every request that a target saw, or those of one order, the oldest first. */
async function ledgerOf(info: StackInfo, target: Target, orderId?: string): Promise<readonly LedgerEntry[]> {
  const only = orderId === undefined ? '' : `?order_id=${encodeURIComponent(orderId)}`
  const { entries } = await json<{ entries: LedgerEntry[] }>(`${info.sandbox[target]}/ledger${only}`)
  return entries
}

export async function ledgersOf(info: StackInfo, orderId?: string): Promise<Ledgers> {
  const [erp, wms, mail] = await Promise.all(TARGETS.map(target => ledgerOf(info, target, orderId)))
  return { erp: erp ?? [], wms: wms ?? [], mail: mail ?? [] }
}

/** `effect event` of each entry in order, as `fulfilment approved`: what a test says of an order in one line each. */
export function effectsIn(entries: readonly LedgerEntry[]): string[] {
  return entries.map(({ effect, event }) => `${effect} ${event}`)
}

export function orderAt(info: StackInfo, target: 'erp' | 'wms', orderId: string): Promise<OrderState> {
  return json(`${info.sandbox[target]}/orders/${encodeURIComponent(orderId)}`)
}

/** The mails about an order, the oldest first. */
export async function messagesAbout(info: StackInfo, orderId: string): Promise<readonly { readonly to: string }[]> {
  const url = `${info.sandbox.mail}/messages?order_id=${encodeURIComponent(orderId)}`
  return (await json<{ messages: { to: string }[] }>(url)).messages
}

export async function setFault(info: StackInfo, target: Target, fault: Fault): Promise<void> {
  const response = await fetch(`${info.sandbox[target]}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
  if (!response.ok) throw new Error(`PUT /faults: ${response.status} ${await response.text()}`)
}

/** How many requests the faults of a target have bitten since its start. */
export async function bitesOf(info: StackInfo, target: Target): Promise<number> {
  return (await json<{ bites: number }>(`${info.sandbox[target]}/faults`)).bites
}

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`GET ${url}: ${response.status}`)
  return (await response.json()) as T
}
