import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import pLimit from 'p-limit'
import { acceptSlice } from './accept.ts'
import { budget } from './budget.ts'
import type { Claimed } from './claim.ts'
import { leases } from './lease.ts'
import type { Loop, LoopPorts } from './loop.ts'
import { periodically } from './periodically.ts'
import type { RawRecord } from './ports.ts'
import { releaser } from './release.ts'
import { scheduler } from './scheduler.ts'
import { store } from './store.ts'
import { sweep } from './sweeper.ts'
import { type Workshop, work } from './work.ts'

/** A consumer service's loop. The steps are those of docs/architecture.md, in their order. */
export interface Consuming {
  /** Resolves after `close`; rejects when the source of records ended for good. */
  finished: Promise<void>
  /** Orders that this instance works on now. */
  lanesInFlight(): number
  /** How long the oldest claim has been worked on, in milliseconds; 0 where there is none. A handler that hangs makes it rise. */
  oldestLaneMs(): number
  /**
   * Nothing new begins: what waits is given back at once. Waits for running handlers up to `shutdownMs`, then tells them
   * to stop, and leaves the leases of those that do not to run out.
   */
  close(): Promise<void>
}

/** What a handler that was told to stop may still take to say how it ended, in milliseconds. */
const LAST_WORDS_MS = 2_000

export function consume(ports: LoopPorts): Consuming {
  const ending = new AbortController()
  let closing = false
  const loop = loopOf(ports, { ending: ending.signal, isClosing: () => closing })
  const { settings, source } = loop
  const held = leases({
    ...loop,
    leaseMs: settings.leaseMs,
    onLost: lease => {
      loop.observer.count('leases_lost', 1)
      loop.observer.warn({ order: lease.key }, 'lease lost: its handler is told to stop')
    },
    onFailure: loop.store.failed,
  })
  const shop: Workshop = { loop, leases: held, release: releaser(loop), slot: pLimit(settings.maxRunningLanes) }
  const room = budget({ count: settings.maxLanes, bytes: settings.maxLaneBytes }, ending.signal)

  /** E, F, R: an order's own errors are in its record; what is left is the end of the service. */
  async function run(claimed: Claimed): Promise<void> {
    const bytes = claimed.atHand.reduce((sum, { event }) => sum + event.body.length, 0)
    room.take(bytes)
    try {
      await work(shop, claimed)
    } catch (error) {
      if (!ending.signal.aborted) loop.observer.warn({ order: claimed.key, error }, 'work on an order ended early')
    } finally {
      room.giveBack(bytes)
    }
  }

  /** An idle service has nothing to wake up for. */
  async function tend(): Promise<void> {
    held.tend()
    await held.some()
  }

  /** V, A, B; then Kafka may forget the slice (G) while its effects run. */
  async function accept(slice: readonly RawRecord[]): Promise<void> {
    await room.free()
    for (const claimed of await acceptSlice(loop, slice)) void run(claimed)
  }

  const tending = periodically(settings.leaseMs / 20, tend, loop)
  const { look, idle } = scheduler(loop, { run, room: room.left })
  const scheduling = periodically(settings.schedulerMs, look, loop)
  const sweeping = periodically(settings.sweeperMs, () => sweep(loop, run), loop)

  return {
    finished: source.run(accept),
    lanesInFlight: () => room.taken(),
    oldestLaneMs: held.oldestMs,
    async close() {
      closing = true
      const stopped = Promise.all([scheduling.stop(), sweeping.stop(), source.close()])
      const drained = stopped.then(idle).then(room.empty)
      await Promise.race([drained, loop.sleep(settings.shutdownMs, ending.signal)])
      held.abortAll()
      await Promise.race([drained, loop.sleep(LAST_WORDS_MS, ending.signal)])
      ending.abort(new Error('the service ends')) // also what waits for a database that is away
      await Promise.all([stopped, tending.stop()])
    },
  }
}

function loopOf(ports: LoopPorts, end: { ending: AbortSignal; isClosing: () => boolean }): Loop {
  const {
    monotonicMs = () => performance.now(),
    random = Math.random,
    newToken = randomUUID,
    sleep = (ms, signal) => delay(ms, undefined, { signal }),
    ...rest
  } = ports
  const { consumer, observer, settings } = rest
  const onFailure = (error: unknown) => {
    observer.count('store_failures', 1)
    observer.warn({ error }, 'the database did not answer: trying again')
  }
  return {
    ...rest,
    monotonicMs,
    random,
    newToken,
    sleep,
    policy: { ...settings, onParkExpired: consumer.onParkExpired },
    store: store({ monotonicMs, sleep, ending: end.ending, onFailure }),
    isClosing: end.isClosing,
  }
}
