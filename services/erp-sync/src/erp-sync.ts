import { type Consumer, defineConsumer } from '@hookline/consumer'
import type { HttpTarget } from '@hookline/service'
import { entry } from './effects/entry.ts'
import { order } from './effects/order.ts'

/** Orders and ledger entries to the ERP. */
export function erpSync(erp: HttpTarget): Consumer {
  return defineConsumer({ name: 'erp-sync', effects: [order(erp), entry(erp)] })
}
