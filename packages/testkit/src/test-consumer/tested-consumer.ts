import type { Consumer, ConsumerDefinition } from '@hookline/consumer'
import type { Counter, DeadLetterReason, Settings, Step } from '@hookline/consumer/loop'
import type { WebhookEvent } from '@hookline/contracts'
import type { EffectState, Floors, OrderRecord } from '@hookline/delivery'
import type { Call } from './call.ts'
import type { Crash } from './journal.ts'
import type { Outages } from './outage.ts'
import type { TestedEvent } from './tested-event.ts'

/**
 * What is tested. A function is called anew for each instance that starts (and once to read what is declared): what a handler
 * remembers beside its state is then lost in a crash, and shared by no two instances, as in production.
 */
export type Tested = Consumer | ConsumerDefinition | (() => Consumer | ConsumerDefinition)

export interface TestConsumerOptions {
  /** How many processes the service has. Otherwise 1. */
  readonly instances?: number
  /** Milliseconds, as a service's own; otherwise `defaultSettings`: a lease of 30 s, back-off from 1 s. */
  readonly settings?: Partial<Settings>
  /** Where the clock stands first, milliseconds since 1970. Otherwise at 2026-03-01T10:00:00Z, when `points` and `hc` send. */
  readonly startMs?: number
}

/** An order by what names it; any event of it does. */
export type OrderName = Pick<WebhookEvent, 'source' | 'order_id'>

/** A consumer service under test: real loop, memory in place of Kafka and MongoDB, and a clock that a test moves. */
export interface TestedConsumer extends Outages {
  /**
   * Records come from Kafka, in this order, and everything happens that needs no time. Several instances are given one each
   * in turn. Bytes are a record that may not be readable.
   */
  deliver(...events: readonly (WebhookEvent | Buffer)[]): Promise<void>
  /** Lets so many milliseconds pass, and everything happen in its order that is due by then. Takes no time itself. */
  advance(ms: number): Promise<void>
  /** For a target that takes its time: waits so many milliseconds of this clock. Never comes back to an instance that is gone. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Milliseconds since 1970, by the test's clock. */
  nowMs(): number
  /**
   * An instance is gone at once, as by SIGKILL, and a new one takes its place; its leases have to run out. Otherwise the oldest.
   * A handler's own code is not stopped: it goes on if what it waits for is not `sleep`, like a request already on its way.
   */
  crash(instance?: number): Promise<void>
  /** The next instance that comes to `step` is gone at just that point, as by `crash`. Look at `crashes` whether one came. */
  crashAt(step: Step): void
  /** In their order. */
  crashes(): readonly Crash[]
  /**
   * An instance is told to stop, as by SIGTERM, and another one takes its place. It begins nothing new and has `shutdownMs`
   * for what runs; then handlers are told to stop, and after two more seconds it is gone as by `crash`. Otherwise the oldest.
   */
  stop(instance?: number): Promise<void>
  /**
   * A person gives a dead event back; the scheduler's next look takes it, so let a second pass. Throws an `Error` where it is
   * not dead. `withoutPrerequisite`: its order counts as known.
   */
  redrive(event: WebhookEvent, options?: { withoutPrerequisite?: boolean }): Promise<void>
  /** What became of an event that was delivered. Throws an `Error` for any other. */
  event(event: WebhookEvent): TestedEvent
  /** The same of all, each once, in the order in which they came first. */
  events(): readonly TestedEvent[]
  /** Every attempt of every handler, in their order. */
  calls(): readonly Call[]
  /** undefined: nothing of it came. */
  order(order: OrderName): OrderRecord | undefined
  /** How far each effect (`name`), or part (`name/part`), is with the order. */
  floors(order: OrderName): Floors
  /** What an effect keeps of the event's order, or of the part that the event is about. */
  kept(event: WebhookEvent, effect: string): EffectState | undefined
  /** Why records came into the dead-letter topic: unreadable, too old, or of a full lane. */
  deadLetters(): readonly { readonly reason: DeadLetterReason; readonly message: string }[]
  /** What transactional handlers have written: their `transaction` is a `MemoryTransaction` here. */
  row(key: string): string | undefined
  /** What all instances counted, such as `leases_taken_over`. */
  count(counter: Counter): number
  /** All of it as text, for the message of a failing test. */
  story(): string
}
