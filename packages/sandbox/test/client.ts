import { expect } from 'vitest'
import type { Fault, LedgerEntry, Message } from '../src/index.ts'

export type EventFields = { source: string; order: string; event: string; effect: string; version: string }

/** The header as a sender writes it: values percent-encoded. */
export function eventHeader(fields: Partial<EventFields>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('; ')
}

export type Send = { key?: string; event?: Partial<EventFields>; body?: unknown }

/** Sends one request that does work, with the headers that effects send. */
export async function send(
  method: 'PUT' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  { key, event, body = {} }: Send = {},
): Promise<Response> {
  return fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(event && { 'x-hookline-event': eventHeader(event) }),
    },
    ...(method !== 'DELETE' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

export async function setFault(target: string, fault: Fault): Promise<void> {
  const response = await fetch(`${target}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
  if (!response.ok) throw new Error(`PUT /faults: ${response.status} ${await response.text()}`)
}

export async function faultsOf(target: string): Promise<{ fault: Fault; bites: number }> {
  return getJson(`${target}/faults`)
}

export async function ledgerOf(target: string, orderId?: string): Promise<LedgerEntry[]> {
  const query = orderId === undefined ? '' : `?order_id=${encodeURIComponent(orderId)}`
  const { entries } = await getJson<{ entries: LedgerEntry[] }>(`${target}/ledger${query}`)
  return entries
}

export async function messagesOf(target: string, orderId: string): Promise<Message[]> {
  const url = `${target}/messages?order_id=${encodeURIComponent(orderId)}`
  const { messages } = await getJson<{ messages: Message[] }>(url)
  return messages
}

export async function stateOf<T = Record<string, unknown>>(target: string, orderId: string): Promise<T> {
  return getJson(`${target}/orders/${encodeURIComponent(orderId)}`)
}

// The one place where a test says what shape it expects of an answer.
async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`GET ${url}: ${response.status}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await response.json()) as T
}

/** Waits until the fact holds. */
export function eventually<T>(fact: () => Promise<T>): ReturnType<typeof expect.poll<T>> {
  return expect.poll(fact, { timeout: 20_000 })
}
