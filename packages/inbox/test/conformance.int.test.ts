import { setImmediate } from 'node:timers/promises'
import { inboxConformance, ordersConformance } from '@hookline/testkit/conformance'
import { mongoInbox } from '../src/inbox.ts'
import { mongoOrders } from '../src/orders.ts'
import { empty, ownDatabase } from './database.ts'

const { db } = ownDatabase('conformance')
const clock = { now: () => Date.now(), errorMs: () => 0 }

async function tick() {
  const from = clock.now()
  while (clock.now() <= from + 1) await setImmediate()
}

inboxConformance('MongoDB', async () => {
  await empty(db)
  return { inbox: mongoInbox(db, { clock, inboxTtlMs: 3_600_000 }), clock, tick }
})

ordersConformance('MongoDB', async () => {
  await empty(db)
  return mongoOrders(db)
})
