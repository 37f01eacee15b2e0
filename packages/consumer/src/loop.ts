import type { DeliveryPolicy, Step } from '@hookline/delivery'
import type { Consumer } from './define-consumer.ts'
import type { HandlerLog } from './effect.ts'
import type { Observer } from './observer.ts'
import type { DeadLetters, Inbox, Orders, RecordSource, ServerClock, Transactions } from './ports.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store.ts'

/** What the loop is made of; tests give other parts. */
export interface LoopPorts {
  consumer: Consumer
  source: RecordSource
  inbox: Inbox
  orders: Orders
  transactions: Transactions
  deadLetters: DeadLetters
  clock: ServerClock
  observer: Observer
  log: HandlerLog
  settings: Settings
  /** Milliseconds that never go back. */
  monotonicMs?: () => number
  /** In [0, 1). */
  random?: () => number
  /** Unique for ever, among all instances. */
  newToken?: () => string
  /** Waits; rejects when the signal aborts. */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** The ports with all that the steps share. */
export interface Loop extends Required<LoopPorts> {
  policy: DeliveryPolicy
  store: Store
  /** Whether the service ends: nothing new begins. */
  isClosing: () => boolean
}

/** The circumstances of a decision made now under this token. */
export function stepNow(loop: Loop, token: string): Step {
  return { policy: loop.policy, token, now: loop.clock.now(), jitter: loop.random() }
}
