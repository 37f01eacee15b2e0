import { defineConsumer } from '@hookline/consumer'
import { http } from '@hookline/service'
import { fulfilment } from './effects/fulfilment.ts'
import { returned } from './effects/returned.ts'
import { shipping } from './effects/shipping.ts'

/** Release, hold, shipments and returns to the warehouse. */
export const wms = defineConsumer({
  name: 'wms',
  targets: { wms: http() },
  effects: ({ wms: warehouse }) => [fulfilment(warehouse), shipping(warehouse), returned(warehouse)],
})
