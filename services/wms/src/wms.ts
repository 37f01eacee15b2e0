import { type Consumer, defineConsumer } from '@hookline/consumer'
import type { HttpTarget } from '@hookline/service'
import { fulfilment } from './effects/fulfilment.ts'
import { returned } from './effects/returned.ts'
import { shipping } from './effects/shipping.ts'

/** Release, hold, shipments and returns to the warehouse. */
export function wms(warehouse: HttpTarget): Consumer {
  return defineConsumer({ name: 'wms', effects: [fulfilment(warehouse), shipping(warehouse), returned(warehouse)] })
}
