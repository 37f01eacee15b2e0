import { expect, test } from 'vitest'
import { EFFECTS, LIFE_CYCLES } from './life-cycles.ts'
import type { StreamedOrder } from './order-stream.ts'
import { repeats, wrongOutcomes } from './outcome.ts'
import { type LedgerEntry, type Ledgers, TARGETS } from './targets.ts'
import { hc, newOrderId, points, START_MS, type Webhook } from './webhooks.ts'

const orders: readonly StreamedOrder[] = LIFE_CYCLES.map(({ source, events }) => {
  const orderId = newOrderId()
  const make = source === 'points' ? points : hc
  return {
    orderId,
    webhooks: events.map(([event, seconds]) => make({ orderId, event, atMs: START_MS + seconds * 1_000 })),
  }
})

/** The ledgers of a stack that did everything right, each event in its turn. */
const right = (): Record<keyof Ledgers, LedgerEntry[]> => {
  const ledgers: Record<keyof Ledgers, LedgerEntry[]> = { erp: [], wms: [], mail: [] }
  for (const { webhooks } of orders) {
    for (const [n, webhook] of webhooks.entries()) {
      for (const { target, name, sends, once } of EFFECTS[webhook.source][webhook.event] ?? []) {
        const key = `${webhook.orderId} ${name} ${once ?? n}`
        const executed = !ledgers[target].some(entry => entry.key === key)
        if (sends !== false) ledgers[target].push(requestFor(webhook, { n, name, key, executed }))
      }
    }
  }
  return ledgers
}

function requestFor(
  webhook: Webhook,
  effect: { n: number; name: string; key: string; executed: boolean },
): LedgerEntry {
  const at = new Date().toISOString()
  const { orderId: order_id, event, atMs } = webhook
  const version = `${atMs}.0000000000.0${effect.n}.${'0'.repeat(16)}`
  const { n, name, key, executed } = effect
  return { n, at, arrived_at: at, order_id, event, effect: name, key, version, executed, status: 200 }
}

test('ledgers of a stack that did everything right have nothing wrong', () => {
  expect(wrongOutcomes(orders, right())).toEqual([])
})

test('each effect that is left out is missed, unless it is a snapshot that a newer event followed', () => {
  for (const target of TARGETS) {
    for (const [n, entry] of right()[target].entries()) {
      const ledgers = right()
      ledgers[target].splice(n, 1)
      const isMissed = wrongOutcomes(orders, ledgers).length > 0
      expect(isMissed, `${target} ${entry.effect} ${entry.event}`).toBe(entry.executed && isNeeded(target, entry))
    }
  }
})

function isNeeded(target: keyof Ledgers, { order_id, event, effect, version }: LedgerEntry): boolean {
  const isOne = (webhook: Webhook) =>
    EFFECTS[webhook.source][webhook.event]?.find(one => one.target === target && one.name === effect)
  const newest = orders.find(({ orderId }) => orderId === order_id)?.webhooks.findLast(isOne)
  const isNewest = newest?.event === event && version.startsWith(`${newest.atMs}`)
  return isNewest || effect === 'entry' || effect === 'refund'
}

test('an effect that is done a second time at the ERP or the warehouse is seen, with its key or under another', () => {
  for (const target of ['erp', 'wms'] as const) {
    for (const key of ['the same', 'another']) {
      const ledgers = right()
      const [first] = ledgers[target]
      if (first === undefined) throw new Error('an empty ledger')
      ledgers[target].push({ ...first, key: key === 'another' ? key : first.key })
      expect(wrongOutcomes(orders, ledgers)).toContainEqual(expect.stringContaining('done twice'))
    }
  }
})

test('snapshots that are done in the wrong order are seen at each target', () => {
  for (const target of TARGETS) {
    const ledgers = right()
    ledgers[target].reverse()
    expect(wrongOutcomes(orders, ledgers)).toContainEqual(expect.stringContaining('out of order'))
  }
})

test('a request for an order that arrives while another is worked on is seen', () => {
  const ledgers = right()
  const [first] = ledgers.erp
  if (first === undefined) throw new Error('an empty ledger')
  ledgers.erp[0] = { ...first, at: '9999-01-01T00:00:00.000Z' }
  expect(wrongOutcomes(orders, ledgers)).toContainEqual(expect.stringContaining('overlaps'))
})

test('a request that a process left behind may meet other effects of its event, never those of another event', () => {
  const { erp } = right()
  const [order, entry] = erp.filter(({ event }) => event === 'captured')
  if (order === undefined || entry === undefined) throw new Error('an event without two effects')
  const at = (seconds: number) => new Date(START_MS + seconds * 1_000).toISOString()
  const wrong = (...requests: readonly LedgerEntry[]) =>
    wrongOutcomes([], { erp: requests, wms: [], mail: [] }, { lateRequests: true })
  const late = { ...order, arrived_at: at(0), at: at(9) }
  const beside = { ...entry, arrived_at: at(1), at: at(2) }
  expect(wrong(late, beside)).toEqual([])
  const newer = { ...order, key: 'another', version: `${order.version}0`, arrived_at: at(3), at: at(4) }
  expect(wrong(late, beside, newer)).toEqual([expect.stringContaining('overlaps')])
})

test('an effect for an event that never was is seen', () => {
  const ledgers = right()
  const [first] = ledgers.wms
  if (first === undefined) throw new Error('an empty ledger')
  ledgers.wms.push({ ...first, event: 'cancelled', effect: 'return', key: 'another' })
  expect(wrongOutcomes(orders, ledgers)).toContainEqual(expect.stringContaining('was not asked for'))
})

test('a mail that comes again under its Message-ID is a repeat and nothing wrong', () => {
  const ledgers = right()
  const [first] = ledgers.mail
  if (first === undefined) throw new Error('an empty ledger')
  ledgers.mail.push(first)
  expect(wrongOutcomes(orders, ledgers)).toEqual([])
  expect(repeats(ledgers.mail)).toEqual([[first, first]])
})
