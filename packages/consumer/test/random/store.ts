import type { InboxState } from '@hookline/consumer/loop'
import { memoryInbox, memoryOrders, memoryTable } from '@hookline/testkit'
import type { MemoryInbox, MemoryOrders, MemoryTable } from '@hookline/testkit'
import { checkWrite } from './check-write.ts'
import type { World } from './world.ts'

/** The one database, and what it has stored at this moment. */
export interface Store {
  readonly inbox: MemoryInbox
  readonly orders: MemoryOrders
  /** What transactional handlers have written. */
  readonly table: MemoryTable
  /** By id, and by identity as `identityOf` tells it. */
  state(event: string): InboxState | undefined
}

export function createStore(world: World): Store {
  const memory = memoryInbox({ clock: { now: world.time.nowMs, errorMs: () => 0 } })
  let states: Map<string, InboxState> | undefined
  const state = (event: string) => {
    states ??= new Map(
      memory
        .events()
        .flatMap(({ id, state, source, order_id, event: name, occurrence }) => [
          [id, state] as const,
          [[source, order_id, name, occurrence].filter(Boolean).join('/'), state] as const,
        ]),
    )
    return states.get(event)
  }
  const changing =
    <A, T>(operation: (argument: A) => T) =>
    (argument: A) => {
      const done = operation(argument) // the memory port has done it when it returns
      states = undefined
      return done
    }
  const inbox = {
    ...memory,
    accept: changing(memory.accept),
    finish: changing(memory.finish),
    finishNow: changing(memory.finishNow),
  }
  const orders = memoryOrders({ onWrite: (key, before, after) => checkWrite(world, { key, before, after, state }) })
  return { inbox, orders, table: memoryTable(), state }
}
