import type { EffectCase } from './evidence.ts'
import { type Finding, nameOf } from './findings.ts'
import type { TargetOrder, TargetOrders } from './ledgers.ts'
import { newestOf, type Thread } from './threads.ts'

/** What the ERP and the WMS say of their orders now is what the newest event of each effect said. */
export function checkStates(threads: readonly Thread[], orders: TargetOrders): Finding[] {
  return threads.flatMap(thread => {
    const newest = newestOf(thread)
    const target = newest?.expectation.target
    if (newest === undefined || target === 'mail' || target === undefined) return []
    const said = stateOf(newest, orders[target].get(newest.event.order.id))
    const must = wanted(newest)
    if (said === must) return []
    const { effect } = newest.expectation
    const seen = `${effect}: is ${said}, must be ${must}, as ${nameOf(newest.event)} said`
    return [{ kind: 'not newest' as const, order: newest.event.order, target, seen }]
  })
}

function wanted({ event: { step, atMs }, expectation: { action, effect } }: EffectCase): string {
  return action ?? text(effect === 'order' ? step.status : step.partStatus, new Date(atMs).toISOString())
}

function stateOf({ event, expectation: { effect } }: EffectCase, order: TargetOrder | undefined): string {
  switch (effect) {
    case 'order':
      return text(order?.status, order?.last_webhook_at)
    case 'fulfilment':
      return order?.fulfilment ?? 'nothing'
    case 'shipping':
      return text(order?.shipments?.[event.part]?.status, order?.shipments?.[event.part]?.last_webhook_at)
    case 'return':
      return text(order?.returns?.[event.part]?.status, order?.returns?.[event.part]?.last_webhook_at)
    default:
      throw new Error(`no state is known for effect ${effect}`)
  }
}

function text(status: string | null | undefined, at: string | null | undefined): string {
  return status === undefined ? 'nothing' : `${status} of ${at?.slice(11, 19)}`
}
