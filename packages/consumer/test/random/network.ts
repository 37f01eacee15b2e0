import { MemoryFault, memoryTransactions } from '@hookline/testkit'
import type { Inbox, Orders, Transactions } from '@hookline/consumer/loop'
import type { Machine } from './machine.ts'
import type { Store } from './store.ts'
import { LEASE_MS, type World } from './world.ts'

/** The driver gives up waiting for an answer after this. */
const PATIENCE_MS = 1_500

type Fate = 'answered' | 'slow' | 'lost' | 'half' | 'unanswered' | 'late'

/** The store as one machine reaches it: each answer takes its time, some are lost, some requests arrive when nobody waits. */
export function networked(
  world: World,
  store: Store,
  machine: Machine,
): { inbox: Inbox; orders: Orders; transactions: Transactions } {
  const { time, random, seen } = world
  const { inbox, orders } = store

  function fate(): Fate {
    if (!world.troubled || !world.variant.database || random.chance(0.9)) return 'answered'
    return random.pick<Fate>(['slow', 'slow', 'lost', 'half', 'unanswered', 'late'])
  }

  async function arrive<T>(operation: string, apply: () => Promise<T>): Promise<T> {
    if (time.nowMs() < world.downUntilMs) {
      await time.sleep(random.below(PATIENCE_MS))
      throw new MemoryFault('away', operation)
    }
    return await apply()
  }

  /** Whoever sent it does not wait any more. */
  async function arriveLate<T>(name: string, apply: () => Promise<T>): Promise<void> {
    await time.sleep(random.below(2 * LEASE_MS))
    world.note(() => `${name} arrives late`)
    await apply().catch(() => undefined)
  }

  async function exchange<T>(operation: string, apply: () => Promise<T>, half: () => void): Promise<T> {
    const name = `${machine.name} ${operation}`
    const how = fate()
    await time.sleep(1 + random.below(how === 'slow' ? PATIENCE_MS : 8))
    if (!machine.isAlive() && random.chance(0.5)) throw new MemoryFault('its sender vanished', operation)
    if (how !== 'answered' && how !== 'slow') world.note(() => `${name}: ${how}`)
    switch (how) {
      case 'lost':
        seen['lost request to the database'] += 1
        break
      case 'late':
        seen['late write to the database'] += 1
        void arriveLate(name, apply)
        break
      case 'half':
        seen['half a bulk'] += 1
        half()
        await arrive(operation, apply).catch(() => undefined)
        break
      case 'unanswered':
        seen['lost answer of the database'] += 1
        await arrive(operation, apply)
        break
      case 'answered':
      case 'slow': {
        const answer = await arrive(operation, apply)
        await time.sleep(1 + random.below(8))
        return answer
      }
    }
    await time.sleep(random.below(PATIENCE_MS))
    throw new MemoryFault(how, operation)
  }

  const toInbox = <T>(operation: keyof Inbox, apply: () => Promise<T>) =>
    machine.back(exchange(operation, apply, () => inbox.faults.failMidway(operation)))
  const toOrders = <T>(operation: keyof Orders, apply: () => Promise<T>) =>
    machine.back(exchange(operation, apply, () => orders.faults.failMidway(operation)))

  return {
    transactions: memoryTransactions({
      ...store,
      exchange: (operation, apply) => machine.back(exchange(operation, apply, () => {})),
    }),
    inbox: {
      accept: events => toInbox('accept', () => inbox.accept(events)),
      states: ids => toInbox('states', () => inbox.states(ids)),
      load: ids => toInbox('load', () => inbox.load(ids)),
      finish: facts => toInbox('finish', () => inbox.finish(facts)),
      openBefore: (before, limit, after) => toInbox('openBefore', () => inbox.openBefore(before, limit, after)),
    },
    orders: {
      read: keys => toOrders('read', () => orders.read(keys)),
      write: writes => toOrders('write', () => orders.write(writes)),
      release: (keys, token) => toOrders('release', () => orders.release(keys, token)),
      renew: (keys, token, wakeAt) => toOrders('renew', () => orders.renew(keys, token, wakeAt)),
      due: (now, limit) => toOrders('due', () => orders.due(now, limit)),
    },
  }
}
