import type { Entry, LaneEffect } from '../../src/index.ts'
import type { Random } from '@hookline/testkit'
import type { Variant } from './variants.ts'

/** An event as the sender meant it, and how the target will take it. */
export interface ModelEvent {
  readonly id: string
  readonly order: string
  readonly version: string
  readonly last_webhook_at: string
  readonly creating: boolean
  readonly effects: readonly LaneEffect[]
  /** The target refuses it for good until then. */
  readonly refusedUntil: number
  /** The target fails over it until then. */
  readonly failsUntil: number
  /** The target is away for it until then. */
  readonly awayUntil: number
  /** Its effects return something to be kept. */
  readonly returns: boolean
  /** Kills the process that calls the target for it, until a person mends it. */
  poison: boolean
}

interface ModelOrder {
  readonly id: string
  readonly index: number
  readonly needsPrerequisite: boolean
  readonly events: readonly ModelEvent[]
  readonly creator: ModelEvent | undefined
  /** What is still to be sent, in this order: swapped here and there, some twice. */
  readonly deliveries: ModelEvent[]
}

export interface Workload {
  readonly orders: readonly ModelOrder[]
  readonly events: ReadonlyMap<string, ModelEvent>
}

export function makeWorkload(random: Random, variant: Variant): Workload {
  const effectNames =
    variant.effects === 'one'
      ? ['L']
      : random.pick([
          ['L', 'V'],
          ['L', 'M'],
          ['V', 'L', 'M'],
        ])
  const make: EventMaker = {
    random,
    effectNames,
    effectChance: variant.effects === 'one' ? 0.9 : 0.75,
    holds: random.chance(0.3) ? random.pick(effectNames) : undefined,
    poisonChance: variant.faults === 'poison' ? 0.15 : variant.faults === 'all' ? 0.015 : 0,
    refusedChance: variant.faults === 'poison' ? 0 : random.pick([0.08, 0.08, 0.4]),
    failsChance: variant.faults === 'poison' ? 0 : 0.1,
  }
  const orders = Array.from({ length: 1 + random.below(3) }, (_, index) => makeOrder(make, index))
  return { orders, events: new Map(orders.flatMap(order => order.events).map(event => [event.id, event])) }
}

/** As the service enters it into the lane of its order. */
export function asEntry(event: ModelEvent, now: number): Entry {
  return {
    id: event.id,
    event: event.creating ? 'created' : 'updated',
    version: event.version,
    last_webhook_at: event.last_webhook_at,
    creating: event.creating,
    effects: event.effects,
    tries: 0,
    lost_leases: 0,
    since: now,
  }
}

interface EventMaker {
  random: Random
  effectNames: readonly string[]
  effectChance: number
  holds: string | undefined
  poisonChance: number
  refusedChance: number
  failsChance: number
}

function makeOrder(make: EventMaker, index: number): ModelOrder {
  const { random } = make
  const id = `o${index}`
  const needsPrerequisite = random.chance(0.6)
  const orphan = random.chance(0.05)
  let second = 1
  const events = Array.from({ length: 1 + random.below(6) }, (_, place) => {
    if (random.chance(0.6)) second++
    return makeEvent(make, { order: id, place, second, creating: needsPrerequisite && place === 0 && !orphan })
  })
  const creator = events.find(event => event.creating)
  return { id, index, needsPrerequisite, events, creator, deliveries: shuffle(random, events) }
}

function makeEvent(
  { random, ...make }: EventMaker,
  { order, place, second, creating }: { order: string; place: number; second: number; creating: boolean },
): ModelEvent {
  // sometimes the creating event is not the oldest by its time
  const at = creating && random.chance(0.15) ? second + 2 : second
  const version = `${String(at).padStart(3, '0')}.${creating ? 1 : 5}.${random.below(90) + 10}${place}`
  const terminal = !creating && random.chance(0.12)
  const names = make.effectNames.filter(() => random.chance(make.effectChance))
  // an event without an effect here is only kept where it makes its order known
  const kept = names.length === 0 && !creating ? [random.pick(make.effectNames)] : names
  return {
    id: `${order}|${creating ? 'created' : terminal ? 'ended' : 'updated'}|${version}`,
    order,
    version,
    last_webhook_at: new Date(at * 1000).toISOString(),
    creating,
    effects: kept.map(name => ({
      name,
      ...(name === 'L' && { floor: 'L' }),
      ...(name === 'M' && { floor: random.pick(['M/a', 'M/a', 'M/b']) }),
      ...(name === 'L' && terminal && { terminal: true as const }),
      ...(name === make.holds && { hold: true as const }),
    })),
    refusedUntil: random.chance(make.refusedChance) ? random.below(900) : 0,
    failsUntil: random.chance(make.failsChance) ? random.below(900) : 0,
    awayUntil: random.chance(make.failsChance / 2) ? random.below(900) : 0,
    returns: random.chance(0.7),
    poison: random.chance(make.poisonChance),
  }
}

function shuffle(random: Random, events: readonly ModelEvent[]): ModelEvent[] {
  const sent = events.flatMap(event => (random.chance(0.3) ? [event, event] : [event]))
  for (let swaps = random.below(4); swaps > 0; swaps--) {
    const from = random.below(sent.length)
    const to = random.below(sent.length)
    const moved = sent[from] as ModelEvent
    sent[from] = sent[to] as ModelEvent
    sent[to] = moved
  }
  const first = sent[0]
  if (first && random.chance(0.15)) sent.push(...sent.splice(0, 1)) // the creating event often comes last
  return sent
}
