import { checkEnd } from './check-end.ts'
import { consumer } from './consumer.ts'
import { type Instance, type Site } from './instance.ts'
import { person } from './person.ts'
import { scheduler } from './scheduler.ts'
import type { Seen } from './seen.ts'
import { createStore, type Store } from './store.ts'
import { sweeper } from './sweeper.ts'
import { createTarget, type Target } from './target.ts'
import { createTopic, type Topic } from './topic.ts'
import type { Variant } from './variants.ts'
import { createWorld, note, type Violation, violated, type World } from './world.ts'

const STEPS_AT_MOST = 300_000
const PERSON = 'person'

export interface Result {
  violations: readonly Violation[]
  seen: Seen
  steps: number
}

/** One random schedule; the same seed gives the same one. `log`, where given, takes its trace. */
export function runSchedule(seed: number, variant: Variant, log?: string[]): Result {
  const world = createWorld(seed, variant, log)
  const store = createStore(world)
  const schedule = newSchedule(world, store, createTarget(world, store))
  const steps = play(schedule)
  if (world.violations.length === 0) checkEnd(world, store, schedule.target)
  return { violations: world.violations, seen: world.seen, steps }
}

interface Schedule {
  world: World
  store: Store
  target: Target
  topic: Topic
  instances: Instance[]
  newToken: (name: string) => string
}

function newSchedule(world: World, store: Store, target: Target): Schedule {
  let tokens = 0
  const newToken = (name: string) => `${name}#${++tokens}`
  const schedule: Schedule = { world, store, target, topic: createTopic(world, store), instances: [], newToken }
  for (let i = 1 + world.random.below(3); i > 0; i--) spawn(schedule, `instance-${i}`)
  spawn(schedule, PERSON)
  rebalance(schedule)
  return schedule
}

/** Lets one loop of one instance make one step, again and again: first with faults, then without, until all is quiet. */
function play(schedule: Schedule): number {
  const { world, target, topic } = schedule
  const { random, limits } = world
  const faultSteps = 200 + random.below(900)
  for (let step = 0; step < STEPS_AT_MOST; step++) {
    if (random.chance(step < faultSteps ? limits.tickChance : 0.08)) world.now++
    target.deliver()
    if (step < faultSteps) trouble(schedule)
    if (step === faultSteps) {
      world.faultsOn = false
      world.noisy = false
      while (topic.produce()) continue
    }
    if (step >= faultSteps && step % 50 === 0) {
      rebalance(schedule)
      if (isQuiet(schedule)) return step
    }
    try {
      stepOne(schedule)
    } catch (error) {
      violated(world, 'nothing throws', error instanceof Error ? error.message : String(error))
      return step
    }
    if (world.violations.length > 0) return step
  }
  violated(
    world,
    'all comes to rest',
    [...schedule.store.orders.values()].map(order => JSON.stringify(order)).join(' '),
  )
  return STEPS_AT_MOST
}

function stepOne(schedule: Schedule): void {
  const { world } = schedule
  const able = schedule.instances.filter(({ pausedUntil }) => pausedUntil <= world.now)
  if (able.length === 0) {
    world.now++
    return
  }
  const instance = world.random.pick(able)
  const which = world.random.below(instance.loops.length)
  if (!instance.killed && instance.loops[which]?.next().done) instance.loops.splice(which, 1)
  if (instance.killed) crash(schedule, instance)
}

/** What happens to instances and partitions while faults last. */
function trouble(schedule: Schedule): void {
  const { world, topic, instances } = schedule
  const { random, limits } = world
  if (random.chance(limits.produceChance)) topic.produce()
  if (random.chance(limits.crashChance)) {
    crash(schedule, random.pick(instances))
    if (random.chance(0.7)) rebalance(schedule)
  }
  if (random.chance(limits.pauseChance)) {
    const instance = random.pick(instances)
    instance.pausedUntil = world.now + random.below(3 * limits.policy.leaseMs)
    world.seen.pause++
    note(world, () => `pause ${instance.name} until ${instance.pausedUntil}`)
    if (random.chance(0.8)) rebalance(schedule)
  }
  if (random.chance(0.02)) rebalance(schedule)
  if (random.chance(0.005)) topic.grow()
}

function spawn(schedule: Schedule, name: string): void {
  const { world, store, target, topic } = schedule
  const { clockErrorMs } = world.limits
  const instance: Instance = {
    name,
    clockErrorMs: world.random.below(2 * clockErrorMs + 1) - clockErrorMs,
    pausedUntil: 0,
    killed: false,
    loops: [],
  }
  const site: Site = { world, store, target, instance, newToken: () => schedule.newToken(name) }
  const half = (parity: number) => topic.partitions.filter((_, index) => index % 2 === parity)
  instance.loops =
    name === PERSON
      ? [person(site)]
      : [consumer(site, half(0)), consumer(site, half(1)), scheduler(site), sweeper(site)]
  schedule.instances.push(instance)
}

function crash(schedule: Schedule, instance: Instance): void {
  note(schedule.world, () => `crash ${instance.name}`)
  schedule.world.seen.crash++
  schedule.instances = schedule.instances.filter(other => other !== instance)
  schedule.target.attempts.forgotten(attempt => attempt.instance === instance)
  spawn(schedule, instance.name)
}

function rebalance({ world, topic, instances }: Schedule): void {
  const live = instances.filter(({ name, pausedUntil }) => name !== PERSON && pausedUntil <= world.now)
  topic.rebalance(live.map(({ name }) => name))
}

function isQuiet({ store, target, topic }: Schedule): boolean {
  if (!topic.isDrained() || !target.isQuiet()) return false
  for (const state of store.inbox.values()) if (state === 'open') return false
  for (const record of store.orders.values()) {
    if (record.owner !== undefined || record.wake_at !== undefined) return false
    if (record.lane.length > 0 || record.dead.length > 0) return false
  }
  return true
}
