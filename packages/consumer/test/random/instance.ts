import { type Consumer, consume, type Consuming, defaultSettings, type Settings } from '@hookline/consumer'
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
      count(counter, by, labels) {
        if (counter === 'leases_lost') seen['lease lost'] += by
        if (counter === 'claim_conflicts') seen.conflict += by
        if (counter === 'duplicates_dropped') seen['duplicate record'] += by
        if (counter === 'entries_dead') countDead(world, labels?.reason)
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

/** Only a target's refusal, or a terminal event, makes anything dead here. */
function countDead(world: World, reason: string | undefined): void {
  if (reason === 'permanent' || reason === 'after_terminal') world.seen[reason] += 1
  else world.violated('nothing dies of an outage, a crash or a rebalance', `${reason}`)
}
