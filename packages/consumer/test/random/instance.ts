import type { Consumer } from '@hookline/consumer'
import { consume, type Consuming, defaultSettings, type Settings } from '@hookline/consumer/loop'
import type { Machine } from './machine.ts'
import { networked } from './network.ts'
import type { Store } from './store.ts'
import type { Topic } from './topic.ts'
import { CLOCK_ERROR_MS, LEASE_MS, type World } from './world.ts'

/** The real loop on one machine. */
export interface Instance {
  machine: Machine
  consuming: Consuming
}

const SETTINGS: Settings = {
  ...defaultSettings,
  leaseMs: LEASE_MS,
  backOff: { minMs: 200, maxMs: 2_000 },
  schedulerMs: 500,
  sweeperMs: 3 * LEASE_MS,
  shutdownMs: 9_000,
  maxRunningLanes: 2,
  maxLanes: 3,
}

export function startInstance(
  { world, store, topic }: { world: World; store: Store; topic: Topic },
  machine: Machine,
  consumer: Consumer,
): Instance {
  const { random, time, seen } = world
  let tokens = 0
  const consuming = consume({
    ...networked(world, store, machine),
    consumer,
    source: topic.source(machine),
    deadLetters: {
      send: async letters => {
        for (const { reason, message } of letters) world.violated('every record is readable', `${reason} ${message}`)
      },
    },
    clock: { now: machine.clock, errorMs: () => CLOCK_ERROR_MS },
    settings: SETTINGS,
    monotonicMs: time.nowMs,
    random: random.fraction,
    newToken: () => `${machine.name}#${(tokens += 1)}`,
    sleep: (ms, signal) => machine.back(time.sleep(ms, signal)),
    log: { info() {}, warn() {}, error() {} },
    observer: {
      count(counter, by) {
        if (counter === 'leases_lost') seen['lease lost'] += by
        if (counter === 'claim_conflicts') seen.conflict += by
        if (counter === 'duplicates_dropped') seen['duplicate record'] += by
        if (counter === 'swept') countSwept(world, by)
      },
      effectTook() {},
      event({ outcome }) {
        if (outcome === 'stale') seen.stale += 1
      },
      warn(fields, message) {
        world.note(() => `${machine.name} warns: ${message} ${'error' in fields ? String(fields.error) : ''}`)
      },
    },
  })
  return { machine, consuming }
}

/** Found by the sweeper: what a process left between A and B, and did not come again from Kafka in time. */
function countSwept(world: World, by: number): void {
  const { database, processes, poison } = world.variant
  if (!database && !processes && !poison) world.violated('nothing is left for the sweeper', `${by}`)
}
