import { defineConsumer } from '@hookline/consumer'
import { http } from '@hookline/service'
import { entry } from './effects/entry.ts'
import { order } from './effects/order.ts'

/** Orders and ledger entries to the ERP. */
export const erpSync = defineConsumer({
  name: 'erp-sync',
  targets: { erp: http() },
  effects: ({ erp }) => [order(erp), entry(erp)],
})
