import { memoryClock, memoryInbox, memoryOrders, memoryTable, memoryTransactions } from '@hookline/testkit'
import type { MemoryTransaction } from '@hookline/testkit'
import { inboxConformance, ordersConformance, transactionsConformance } from '@hookline/testkit/conformance'

inboxConformance('memory', async () => {
  const clock = memoryClock()
  return { inbox: memoryInbox({ clock }), clock, tick: async () => clock.advance(5) }
})

ordersConformance('memory', async () => memoryOrders())

transactionsConformance('memory', async () => {
  const [orders, inbox, table] = [memoryOrders(), memoryInbox(), memoryTable()]
  const transactions = memoryTransactions({ orders, inbox, table })
  return {
    transactions,
    orders,
    inbox,
    rows: handle => handle as MemoryTransaction,
    row: async key => table.get(key)?.value,
    loseNextAnswer: () => transactions.faults.failAfter('commit'),
  }
})
