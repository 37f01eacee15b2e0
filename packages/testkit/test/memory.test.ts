import { memoryClock, memoryInbox, memoryOrders } from '@hookline/testkit'
import { inboxConformance, ordersConformance } from '@hookline/testkit/conformance'

inboxConformance('memory', async () => {
  const clock = memoryClock()
  return { inbox: memoryInbox({ clock }), clock, tick: async () => clock.advance(5) }
})

ordersConformance('memory', async () => memoryOrders())
