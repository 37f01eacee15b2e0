import type { Consumer } from '@hookline/consumer'
import type { WebhookEvent } from '@hookline/contracts'
import type { OrderRecord } from '@hookline/delivery'
import { checkEnd } from './check-end.ts'
import { type Instance, startInstance } from './instance.ts'
import { createMachine } from './machine.ts'
import { tally } from './own-database.ts'
import { redriveAll } from './person.ts'
import type { Seen } from './seen.ts'
import { createStore, type Store } from './store.ts'
import { createTarget, type Target } from './target.ts'
import { createTopic, type Topic } from './topic.ts'
import type { Variant } from './variants.ts'
import { createConsumer, createEvents } from './workload.ts'
import { createWorld, killerOf, LEASE_MS, type Violation, type World } from './world.ts'

const STEP_MS = 250
const QUIET_WITHIN_MS = 600_000

export interface Result {
  violations: readonly Violation[]
  seen: Seen
}

interface Schedule {
  world: World
  store: Store
  target: Target
  topic: Topic
  instances: Instance[]
  started: number
  unpublished: WebhookEvent[]
}

/** One random schedule of the real loop; the same seed gives the same one. `log`, where given, takes its trace. */
export async function runSchedule(seed: number, variant: Variant, log?: string[]): Promise<Result> {
  const world = createWorld(seed, variant, log)
  const store = createStore(world)
  const events = createEvents(world.random)
  const parts = { world, store, target: createTarget(world, store), topic: createTopic(world, store) }
  const schedule: Schedule = { ...parts, instances: [], started: 0, unpublished: [...events] }
  if (variant.poison) poisonOne(world, events)
  for (let i = 1 + world.random.below(3); i > 0; i -= 1) start(schedule)
  rebalance(schedule)

  const steps = 20 + world.random.below(200)
  for (let step = 0; step < steps && world.violations.length === 0; step += 1) {
    trouble(schedule)
    replaceDead(schedule)
    await world.time.advance(STEP_MS)
  }
  world.troubled = false
  world.downUntilMs = 0
  for (const event of schedule.unpublished.splice(0)) schedule.topic.publish(event)
  rebalance(schedule) // what was added is found
  if (await comesToRest(schedule)) checkEnd({ ...schedule, consumer: idle }, events)
  for (const { machine } of schedule.instances) machine.kill()
  return { violations: world.violations, seen: world.seen }
}

const idle: Consumer = createConsumer(
  () => Promise.resolve(),
  () => Promise.resolve(),
)

function start(schedule: Schedule): void {
  const { world, target } = schedule
  const machine = createMachine(world, `m${(schedule.started += 1)}`)
  const consumer = createConsumer(
    (event, context) => target.call(machine, event, context),
    (event, context) => tally(world, event, context),
  )
  world.note(() => `start ${machine.name}`)
  schedule.instances.push(startInstance(schedule, machine, consumer))
}

/** What happens beside the loop in one step. */
function trouble(schedule: Schedule): void {
  const { world, topic, unpublished, instances } = schedule
  const { random, variant, seen, time } = world
  if (random.chance(0.4)) {
    const [event] = unpublished
    if (event) {
      topic.publish(event)
      // a sender that sends it again
      if (!random.chance(0.3)) unpublished.shift()
    }
  }
  if (random.chance(0.02)) rebalance(schedule)
  if (random.chance(0.01)) topic.rewind()
  if (random.chance(0.01)) {
    topic.grow()
    if (random.chance(0.5)) rebalance(schedule)
  }
  if (variant.database && random.chance(0.01)) {
    seen['outage of the database'] += 1
    world.downUntilMs = time.nowMs() + random.below(3 * LEASE_MS)
    world.note(() => `the database is away until ${world.downUntilMs}`)
  }
  if (variant.processes && random.chance(0.015)) crash(schedule, random.pick(instances))
  if (variant.processes && random.chance(0.03)) {
    const { machine } = random.pick(instances)
    const ms = random.below(3 * LEASE_MS)
    seen.pause += 1
    world.note(() => `pause ${machine.name} for ${ms}`)
    machine.pause(ms)
    if (random.chance(0.7)) rebalance(schedule)
  }
  if (variant.restarts && random.chance(0.02)) restart(schedule, random.pick(instances))
}

function crash(schedule: Schedule, instance: Instance): void {
  schedule.world.note(() => `crash ${instance.machine.name}`)
  schedule.world.seen.crash += 1
  replace(schedule, instance)
  instance.machine.kill()
}

/** Whoever handled what kills its worker. */
function replaceDead(schedule: Schedule): void {
  for (const instance of schedule.instances.filter(({ machine }) => !machine.isAlive())) crash(schedule, instance)
}

function poisonOne(world: World, events: readonly WebhookEvent[]): void {
  const { source, order_id, event, version } = world.random.pick(events)
  world.killers.add(killerOf(`${source}:${order_id}`, { event, version }))
}

function restart(schedule: Schedule, instance: Instance): void {
  const { world } = schedule
  const { name } = instance.machine
  world.note(() => `close ${name}`)
  world.seen.restart += 1
  replace(schedule, instance)
  void end(world, instance)
}

async function end(world: World, { machine, consuming }: Instance): Promise<void> {
  try {
    await consuming.close()
  } catch (error) {
    world.violated('a service ends', String(error))
  }
  world.note(() => `closed ${machine.name}`)
  machine.kill()
}

function replace(schedule: Schedule, instance: Instance): void {
  schedule.instances = schedule.instances.filter(other => other !== instance)
  start(schedule)
  rebalance(schedule)
}

function rebalance({ topic, instances }: Schedule): void {
  const live = instances.filter(({ machine }) => !machine.isPaused())
  topic.rebalance((live.length > 0 ? live : instances).map(({ machine }) => machine))
}

/** Faults are over: all is done in the end, when a person gives back what is dead. */
async function comesToRest(schedule: Schedule): Promise<boolean> {
  const { world, store } = schedule
  const untilMs = world.time.nowMs() + QUIET_WITHIN_MS
  while (world.violations.length === 0 && world.time.nowMs() < untilMs) {
    await world.time.advance(4 * STEP_MS)
    replaceDead(schedule)
    if (schedule.instances.some(({ machine }) => machine.isPaused())) continue
    if (!isQuiet(schedule)) continue
    if ((await redriveAll(schedule)) === 0) return true
  }
  if (world.violations.length === 0) {
    world.violated('all comes to rest', JSON.stringify([...store.orders.records().values()]))
  }
  return false
}

function isQuiet({ world, topic, store }: Schedule): boolean {
  if (!topic.isDrained()) return false
  const records = [...store.orders.records().values()]
  // what waits for a dead creating event is parked
  const soonMs = world.time.nowMs() + QUIET_WITHIN_MS
  const isParked = ({ wake_at }: OrderRecord) => (wake_at ?? 0) > soonMs
  if (records.some(record => record.wake_at !== undefined && !isParked(record))) return false
  const dead = new Set(records.flatMap(record => [...record.lane, ...record.dead].map(({ id }) => id)))
  return store.inbox.events().every(({ id, state }) => state !== 'open' || dead.has(id))
}
