import { type Consumer, defineConsumer } from '@hookline/consumer'
import { defaultSettings, orderKeyOf, route } from '@hookline/consumer/loop'
import { encodeRecord, identityOf, parseEvent, type WebhookEvent } from '@hookline/contracts'
import { redrive } from '@hookline/delivery'
import { SENT_AT } from '../events.ts'
import { virtualTime } from '../virtual-time.ts'
import { newDatabase, storedEvent } from './database.ts'
import { startFleet } from './fleet.ts'
import { newJournal } from './journal.ts'
import { outages } from './outage.ts'
import { storyOf } from './story.ts'
import type { OrderName, Tested, TestConsumerOptions, TestedConsumer } from './tested-consumer.ts'
import { type TestedEvent, testedEvent } from './tested-event.ts'

/**
 * Runs a consumer's own definition under the real loop, in memory: deliver its events in any order and number, let time pass,
 * end instances at any step, and see what happened and why. Nothing sleeps, and no timer is set. Its handlers' targets are the
 * test's own, in memory too: let them count REQUESTS, as one that drops repeated keys hides what is requested twice.
 *
 * @example
 * const requests: string[] = []
 * const tested = testConsumer(() => stock({ put: async key => void requests.push(key) }), { instances: 2 })
 * await tested.deliver(points('approved'), points('approved'))
 * assert.equal(requests.length, 1, tested.story())
 */
export function testConsumer(tested: Tested, options: TestConsumerOptions = {}): TestedConsumer {
  const { instances: size = 1, startMs = Date.parse(SENT_AT), settings = {} } = options
  const time = virtualTime(startMs)
  const sinceStartMs = () => time.nowMs() - startMs
  const database = newDatabase(time.nowMs)
  const { orders, letters, table } = database
  const journal = newJournal(sinceStartMs)
  const define = () => defineConsumer(typeof tested === 'function' ? tested() : tested)
  const declared = define()
  const fleet = startFleet({
    define,
    size,
    database,
    time,
    sinceStartMs,
    settings: { ...defaultSettings, ...settings },
    journal,
  })
  /** By identity, as each came first. */
  const delivered = new Map<string, WebhookEvent>()

  function append(record: WebhookEvent | Buffer): void {
    const { topic, instance } = fleet.nextTopic()
    const isEvent = !Buffer.isBuffer(record)
    topic.append(0, isEvent ? encodeRecord(record) : { key: null, value: record })
    journal.tell(`${isEvent ? nameOf(record) : `${record.length} bytes`} comes to instance ${instance}`)
    if (isEvent && !delivered.has(identityOf(record))) delivered.set(identityOf(record), record)
  }

  function told(event: WebhookEvent): TestedEvent {
    const first = delivered.get(identityOf(event))
    if (!first) throw new Error(`${nameOf(event)} was not delivered`)
    const effects = journal.effectsOf({ order: orderKeyOf(first), event: first.event, version: first.version })
    return testedEvent(first, { database, consumer: declared, now: time.nowMs(), effects })
  }

  function giveBack(event: WebhookEvent, withoutPrerequisite: boolean): void {
    const key = orderKeyOf(event)
    const id = storedEvent(database, event)?.id
    const before = orders.records().get(key)
    const given = { now: time.nowMs(), withoutPrerequisite }
    const after = before && id !== undefined ? redrive(before, new Set([id]), given) : undefined
    if (!after) throw new Error(`${nameOf(event)} is ${told(event).state}, not dead in its order: nothing to redrive`)
    orders.writeNow([{ key, before, after }])
    journal.tell(`a person redrives ${nameOf(event)}`)
  }

  const orderOf = (order: OrderName) => orders.records().get(orderKeyOf(order))
  const events = () => [...delivered.values()].map(told)
  const settle = () => time.advance(0)

  return {
    async deliver(...records) {
      for (const record of records) append(record)
      await settle()
    },
    advance: time.advance,
    sleep: fleet.sleep,
    nowMs: time.nowMs,
    async crash(instance) {
      fleet.crash(instance)
      await settle()
    },
    crashAt: fleet.crashAt,
    crashes: () => journal.crashes,
    async stop(instance) {
      fleet.stop(instance)
      await settle()
    },
    ...outages({ database, time, journal }),
    async redrive(event, { withoutPrerequisite = false } = {}) {
      giveBack(event, withoutPrerequisite)
      await settle()
    },
    event: told,
    events,
    calls: journal.calls,
    order: orderOf,
    floors: order => orderOf(order)?.floors ?? {},
    kept: (event, effect) => orderOf(event)?.floors[floorOf(declared, event, effect)]?.state,
    deadLetters: () => letters.map(({ reason, message }) => ({ reason, message })),
    row: key => table.get(key)?.value,
    count: journal.counted,
    story: () =>
      storyOf({
        name: declared.name,
        passedMs: sinceStartMs(),
        happened: journal.happened,
        events: events(),
        orders: orders.records(),
        notReached: fleet.notReached(),
      }),
  }
}

function nameOf(event: WebhookEvent): string {
  return `${orderKeyOf(event)} ${event.event}`
}

/** Of the part that the event is about, where it is for this effect; otherwise of an effect without parts. */
function floorOf(consumer: Consumer, event: WebhookEvent, effect: string): string {
  const { effects } = route(consumer, parseEvent(event))
  return effects.find(({ name }) => name === effect)?.floor ?? effect
}
