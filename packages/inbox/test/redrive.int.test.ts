import { sampleDead, sampleNewEvent, sampleOrder, sampleVersion } from '@hookline/testkit'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  deadEvents,
  planRedrive,
  redriveItems,
  redrivenOf,
  redriveStory,
  runRedrive,
  storeRedrive,
} from '../src/index.ts'
import { mongoInbox } from '../src/inbox.ts'
import { mongoOrders } from '../src/orders.ts'
import type { RedriveItemDocument } from '../src/redrive/document.ts'
import { giveBack } from '../src/redrive/give-back.ts'
import { askPause, type RedriveLease, takeLease } from '../src/redrive/lease.ts'
import { empty, ownDatabase } from './database.ts'

const { db } = ownDatabase('redrive')
const NOW = Date.UTC(2026, 0, 1, 12)
const inbox = mongoInbox(db, { clock: { now: () => NOW, errorMs: () => 0 }, inboxTtlMs: 3_600_000 })
const orders = mongoOrders(db)
const DECISION = { why: 'mended', by: 'somebody', ratePerS: 1_000, selection: {} }
const NEVER = new AbortController().signal
const NO_WAY = { withoutPrerequisite: false }

beforeEach(async () => {
  await empty(db)
  await db.collection('redrives').deleteMany({})
  await db.collection('redrive_items').deleteMany({})
})

/** An order with dead events, each open in the inbox; gives their ids. */
async function deadOrder(order_id: string, fields: Parameters<typeof sampleDead>[0][] = [{}]): Promise<string[]> {
  const events = fields.map(({ event = 'approved' } = {}, n) =>
    sampleNewEvent({ order_id, event, occurrence: `${n}`, version: sampleVersion(n) }),
  )
  const accepted = await inbox.accept(events)
  const ids = accepted.map(({ id }) => id)
  const dead = fields.map((some, n) => sampleDead({ id: ids[n] ?? '', dead_at: NOW + n, ...some }, n))
  await orders.write([{ key: `points:${order_id}`, before: undefined, after: sampleOrder({ dead }) }])
  return ids
}

async function recordOf(order_id: string) {
  const record = (await orders.read([`points:${order_id}`])).get(`points:${order_id}`)
  if (!record) throw new Error(`there is no order ${order_id}`)
  return record
}

const plan = (options: Partial<Parameters<typeof planRedrive>[1]> = {}) =>
  planRedrive(db, { selection: {}, limit: 1_000, ...options })

async function stored(decision: Partial<typeof DECISION> = {}): Promise<string> {
  return storeRedrive(db, await plan(), { ...DECISION, ...decision })
}

function itemsOf(order: string): Promise<RedriveItemDocument[]> {
  return db.collection<RedriveItemDocument>('redrive_items').find({ order }).toArray()
}

async function leaseOf(id: string): Promise<RedriveLease> {
  const answer = await takeLease(db, id, 'a runner')
  if (answer.kind !== 'held') throw new Error(`the lease is ${answer.kind}`)
  return answer.lease
}

/** What the services do with everything that was given back. */
async function workDone(order_id: string): Promise<void> {
  const before = await recordOf(order_id)
  await inbox.finish([{ ids: before.lane.map(({ id }) => id), state: 'done' }])
  const { wake_at: _, ...same } = before
  await orders.write([{ key: `points:${order_id}`, before, after: { ...same, rev: before.rev + 1, lane: [] } }])
}

describe('the plan of a redrive', () => {
  it('tells of each dead event what would happen, and changes nothing', async () => {
    const [running = '', stale = ''] = await deadOrder('a', [{ event: 'one' }, { event: 'two' }])
    const before = await recordOf('a')
    const floors = { order: { version: sampleVersion(9), last_webhook_at: '2026-01-01T00:00:00.000Z' } }
    const dead = before.dead.map(entry => (entry.id === running ? { ...entry, effects: [{ name: 'entry' }] } : entry))
    const moved = { ...before, rev: 2, floors, dead }
    await orders.write([{ key: 'points:a', before, after: moved }])
    const { events, more } = await plan()
    expect(events.map(({ id, forecast, gives_back }) => [id, forecast.kind, gives_back])).toEqual([
      [running, 'will_run', true],
      [stale, 'stale', true],
    ])
    expect(more).toBe(false)
    expect(await recordOf('a')).toEqual(moved)
    expect(await db.collection('redrive_items').countDocuments()).toBe(0)
  })

  it('takes what is dead after a terminal event only where it is asked for by reason or by id', async () => {
    const [released = ''] = await deadOrder('a', [{ reason: 'after_terminal' }])
    await deadOrder('b')
    expect(await plan()).toMatchObject({ undecided: 1, events: [{ order: 'points:b' }] })
    const expected = { undecided: 0, events: [{ id: released, forecast: { kind: 'will_run' } }] }
    expect(await plan({ selection: { reasons: ['after_terminal'] } })).toMatchObject(expected)
    expect(await plan({ selection: { ids: [released] } })).toMatchObject(expected)
  })

  it('is of what died first, cuts no order, and says that there is more', async () => {
    await deadOrder('a', [{ dead_at: NOW + 50 }, { dead_at: NOW + 51 }])
    await deadOrder('b', [{ dead_at: NOW + 1 }, { dead_at: NOW + 2 }])
    const { events, more } = await plan({ limit: 3 })
    expect([events.map(({ order }) => order), more]).toEqual([['points:b', 'points:b'], true])
    expect((await plan({ limit: 1 })).events).toHaveLength(2)
  })

  it('says of ids that are not dead what became of them', async () => {
    const [done = ''] = (await inbox.accept([sampleNewEvent()])).map(({ id }) => id)
    await inbox.finish([{ ids: [done], state: 'done' }])
    const [dead = ''] = await deadOrder('b')
    const unknown = 'f'.repeat(24)
    const { events, not_dead } = await plan({ selection: { ids: [done, dead, unknown] } })
    expect(events.map(({ id }) => id)).toEqual([dead])
    expect(not_dead).toEqual([
      { id: done, state: 'done' },
      { id: unknown, state: 'unknown' },
    ])
  })

  const selections: [string, Parameters<typeof planRedrive>[1]['selection'], string[]][] = [
    ['reason', { reasons: ['used_up'] }, ['refunded']],
    ['event', { events: ['refunded', 'cancelled'] }, ['cancelled', 'refunded']],
    ['source', { sources: ['hc'] }, ['cancelled']],
    ['order', { orders: ['other'] }, ['refunded', 'captured']],
    ['later death', { deadAfter: NOW + 100 }, ['captured']],
    ['earlier death', { deadBefore: NOW }, ['cancelled']],
    ['all that', { orders: ['other'], sources: ['points'], deadBefore: NOW + 100 }, ['refunded']],
  ]
  it.each(selections)('takes only what has the %s that was asked for', async (_, selection, expected) => {
    await deadOrder('a')
    await deadOrder('other', [
      { event: 'refunded', reason: 'used_up', dead_at: NOW + 99 },
      { event: 'captured', dead_at: NOW + 100 },
    ])
    const early = sampleDead({ id: 'e'.repeat(24), event: 'cancelled', dead_at: NOW - 1 })
    await orders.write([{ key: 'hc:a', before: undefined, after: sampleOrder({ dead: [early] }) }])
    expect((await plan({ selection })).events.map(({ event }) => event)).toEqual(expected)
    const listed = await deadEvents(db, { limit: 10, selection })
    expect(listed.map(({ event }) => event).sort()).toEqual(expected.toSorted())
  })

  it('of a list the newest deaths come first, also where an order has newer ones that are not meant', async () => {
    await deadOrder('a', [
      { event: 'one', dead_at: NOW + 1 },
      { event: 'other', dead_at: NOW + 9 },
    ])
    await deadOrder('b', [{ event: 'one', dead_at: NOW + 5 }])
    const [newest] = await deadEvents(db, { limit: 1, selection: { events: ['one'] } })
    expect(newest).toMatchObject({ order_id: 'b', event: 'one' })
  })
})

describe('a redrive', () => {
  it('gives all events of an order back in one write, and knows who, why and how they ended', async () => {
    const ids = await deadOrder('a', [{}, {}, {}])
    const id = await stored()
    expect(await runRedrive(db, await leaseOf(id), { stop: NEVER, follow: false })).toBe('given back')
    const { rev, lane, dead } = await recordOf('a')
    expect({ rev, lane: lane.map(({ id }) => id), dead }).toEqual({ rev: 2, lane: ids, dead: [] })
    expect(await redriveStory(db, id)).toMatchObject({ state: 'given_back', why: 'mended', by: 'somebody', events: 3 })
    expect((await redriveStory(db, id))?.counts).toMatchObject({ planned: 0, running: 3 })
    await workDone('a')
    expect(await runRedrive(db, await leaseOf(id), { stop: NEVER, follow: true })).toBe('ended')
    expect(await redriveStory(db, id)).toMatchObject({ state: 'ended', counts: { done: 3, running: 0 } })
    expect([...(await redrivenOf(db, ['points:a'])).values()]).toMatchObject([{ redrive: id, why: 'mended' }, {}, {}])
  })

  it('leaves dead what is blocked, with the reason', async () => {
    const [blocked = '', holder = ''] = await deadOrder('a', [{}, { reason: 'after_terminal', unsure: true }])
    const id = await stored()
    await deadOrder('b')
    expect(await runRedrive(db, await leaseOf(id), { stop: NEVER, follow: true })).toBe('ended')
    expect((await recordOf('a')).dead).toHaveLength(2)
    expect(await redriveItems(db, id)).toMatchObject([
      { id: blocked, state: 'left', forecast: { kind: 'blocked', by: { id: holder } } },
    ])
  })

  it('decides anew when the turn of an order comes', async () => {
    await deadOrder('a', [{}, { event: 'captured' }])
    const id = await stored()
    const before = await recordOf('a')
    const [first, second] = before.dead
    if (!first || !second) throw new Error('two are dead')
    // meanwhile another one died that holds the order
    const holder = sampleDead({ id: 'e'.repeat(24), event: 'cancelled', unsure: true }, 7)
    await orders.write([{ key: 'points:a', before, after: { ...before, rev: 2, dead: [first, second, holder] } }])
    await runRedrive(db, await leaseOf(id), { stop: NEVER, follow: false })
    expect((await recordOf('a')).rev).toBe(2)
    expect(await redriveItems(db, id)).toMatchObject([
      { state: 'left', forecast: { kind: 'blocked', by: { event: 'cancelled' } } },
      { state: 'left' },
    ])
  })

  it('recognises by the order record what was given back and not noted, and gives nothing back twice', async () => {
    await deadOrder('a', [{}, {}])
    await deadOrder('b')
    const id = await stored()
    await giveBack(db, 'points:a', await itemsOf('points:a'), NO_WAY) // and killed here
    expect(await redriveItems(db, id)).toMatchObject([{ state: 'planned' }, { state: 'planned' }, { state: 'planned' }])
    expect(await runRedrive(db, await leaseOf(id), { stop: NEVER, follow: false })).toBe('given back')
    expect([(await recordOf('a')).rev, (await recordOf('b')).rev]).toEqual([2, 2])
    expect((await redriveStory(db, id))?.counts).toMatchObject({ planned: 0, running: 3 })
  })

  it('does not give back a death that came after it was decided on', async () => {
    await deadOrder('a')
    const id = await stored()
    const before = await recordOf('a')
    const dead = before.dead.map(entry => ({ ...entry, dead_at: entry.dead_at + 1, reason: 'used_up' as const }))
    await orders.write([{ key: 'points:a', before, after: { ...before, rev: 2, dead } }])
    expect(await runRedrive(db, await leaseOf(id), { stop: NEVER, follow: true })).toBe('ended')
    expect((await recordOf('a')).rev).toBe(2)
    expect(await redriveItems(db, id)).toMatchObject([{ state: 'dead_again', died_of: 'used_up' }])
  })

  it('that two give back at once writes each order once', async () => {
    await deadOrder('a', [{}, {}])
    await stored()
    const items = await itemsOf('points:a')
    await Promise.all([1, 2, 3, 4].map(() => giveBack(db, 'points:a', items, NO_WAY)))
    const { rev, lane } = await recordOf('a')
    expect([rev, lane.length]).toEqual([2, 2])
  })

  it('of an order that somebody works on waits with what the inbox says is over', async () => {
    const [zombies = ''] = await deadOrder('a', [{ reason: 'kills_its_worker' }])
    await stored()
    await inbox.finish([{ ids: [zombies], state: 'done' }])
    const before = await recordOf('a')
    const owned = { ...before, rev: 2, owner: 'token', wake_at: NOW }
    await orders.write([{ key: 'points:a', before, after: owned }])
    const items = await itemsOf('points:a')
    expect(await giveBack(db, 'points:a', items, NO_WAY)).toBe('when free')
    const { owner: _, ...free } = owned
    await orders.write([{ key: 'points:a', before: owned, after: { ...free, rev: 3 } }])
    expect(await giveBack(db, 'points:a', items, NO_WAY)).toEqual(new Map([[zombies, { state: 'given_back' }]]))
  })

  it('pauses between two writes when somebody asks for it, and goes on where it was', async () => {
    for (const order of ['a', 'b', 'c']) await deadOrder(order)
    const id = await stored({ ratePerS: 2 })
    const lease = await leaseOf(id)
    let asked: Promise<unknown> | undefined
    const onProgress = () => void (asked ??= askPause(db, id, 'somebody else'))
    expect(await runRedrive(db, lease, { stop: NEVER, follow: true, onProgress })).toBe('paused')
    expect(await asked).toBe('asked')
    const paused = await redriveStory(db, id)
    expect(paused).toMatchObject({ state: 'paused' })
    expect(paused?.counts.planned).toBeGreaterThan(0)
    const options = { stop: NEVER, follow: false, ratePerS: 1_000 }
    expect(await runRedrive(db, await leaseOf(id), options)).toBe('given back')
    const revs = await Promise.all(['a', 'b', 'c'].map(async order => (await recordOf(order)).rev))
    expect(revs).toEqual([2, 2, 2])
  })

  it('pauses on a signal', async () => {
    await deadOrder('a')
    const id = await stored()
    expect(await runRedrive(db, await leaseOf(id), { stop: AbortSignal.abort(), follow: true })).toBe('paused')
    expect((await recordOf('a')).rev).toBe(1)
    expect(await redriveStory(db, id)).toMatchObject({ state: 'paused' })
  })

  it('that nobody runs is paused at once', async () => {
    await deadOrder('a')
    const id = await stored()
    expect(await redriveStory(db, id)).toMatchObject({ state: 'interrupted' })
    expect(await askPause(db, id, 'somebody')).toBe('paused')
    expect(await redriveStory(db, id)).toMatchObject({ state: 'paused' })
    expect(await askPause(db, 'unknown', 'somebody')).toBe('unknown')
    await runRedrive(db, await leaseOf(id), { stop: NEVER, follow: false })
    expect(await askPause(db, id, 'somebody')).toBe('over')
  })

  it('has one runner at a time; one that stood still past its lease stops before its next write', async () => {
    for (const order of ['a', 'b']) await deadOrder(order)
    const id = await stored()
    const first = await leaseOf(id)
    expect(await takeLease(db, id, 'another')).toMatchObject({ kind: 'taken', by: 'a runner' })
    // ten seconds later by the server's clock
    const past = new Date(Date.now() - 60_000)
    await db.collection<{ _id: string }>('redrives').updateOne({ _id: id }, { $set: { 'runner.until': past } })
    const second = await leaseOf(id)
    expect(await runRedrive(db, first, { stop: NEVER, follow: true })).toBe('lease lost')
    expect((await recordOf('a')).rev).toBe(1)
    expect(await second.renew()).toBe('held')
    expect(await runRedrive(db, second, { stop: NEVER, follow: false })).toBe('given back')
    expect((await recordOf('a')).rev).toBe(2)
  })

  it('that has ended is not run again', async () => {
    await deadOrder('a')
    const id = await stored()
    await runRedrive(db, await leaseOf(id), { stop: NEVER, follow: false })
    await workDone('a')
    expect(await runRedrive(db, await leaseOf(id), { stop: NEVER, follow: true })).toBe('ended')
    expect(await takeLease(db, id, 'another')).toEqual({ kind: 'ended' })
    expect(await takeLease(db, 'unknown', 'another')).toEqual({ kind: 'unknown' })
  })
})
