import { effect } from '@hookline/consumer'
import { type DatabaseWrite, type MemoryTransaction, points, recordingTarget, testConsumer } from '@hookline/testkit'
import { describe, expect, test } from 'vitest'

const LEASE_MS = 30_000
const approved = points('approved')

/** One effect at a target, and one in the service's own database. */
function service(tookMs = 0) {
  const target = recordingTarget('stock')
  const stock = effect({
    name: 'stock',
    policy: 'latest',
    on: { points: ['approved', 'captured'] },
    handler: async (event, context) => {
      await tested.sleep(tookMs)
      await target.put('/stock', { event: event.event }, context)
    },
  })
  const tally = effect({
    name: 'tally',
    policy: 'every',
    on: { points: ['captured'] },
    transactional: true,
    handler: async (_, { transaction }) => {
      const rows = transaction as MemoryTransaction
      await rows.set('captured', `${Number((await rows.get('captured')) ?? 0) + 1}`)
    },
  })
  const tested = testConsumer({ name: 'test', effects: [stock, tally] }, { instances: 2 })
  return { target, tested }
}

describe('a database that is away', () => {
  test('takes nothing in: what comes stays in Kafka, and is done once when it is back', async () => {
    const { target, tested } = service()
    tested.databaseAway()
    await tested.deliver(approved, approved)
    await tested.advance(60_000)
    expect(tested.event(approved)).toMatchObject({ state: 'not_accepted' })
    expect(target.requests).toEqual([])
    tested.databaseBack()
    await tested.advance(2_000)
    expect(tested.event(approved), tested.story()).toMatchObject({ state: 'done' })
    expect(target.requests).toHaveLength(1)
  })

  test.each([
    ['shorter than a lease', LEASE_MS / 2],
    ['longer than a lease', 3 * LEASE_MS],
  ])('for %s: a handler that ended meanwhile is not called again', async (_, awayMs) => {
    const { target, tested } = service(5_000)
    await tested.deliver(approved)
    tested.databaseAway(awayMs)
    await tested.advance(awayMs - 1)
    expect(target.requests).toHaveLength(1)
    expect(tested.event(approved)).toMatchObject({ state: 'running' })
    await tested.advance(2 * LEASE_MS)
    expect(tested.event(approved), tested.story()).toMatchObject({ state: 'done' })
    expect(tested.calls()).toHaveLength(1)
  })

  test('for so long comes back by itself, unless somebody brings it back before', async () => {
    const { tested } = service()
    tested.databaseAway(10_000)
    tested.databaseBack()
    tested.databaseAway(60_000)
    await tested.deliver(approved)
    await tested.advance(59_000)
    expect(tested.event(approved)).toMatchObject({ state: 'not_accepted' })
    await tested.advance(5_000)
    expect(tested.event(approved)).toMatchObject({ state: 'done' })
    expect(tested.story().match(/the database is \w+/g)).toEqual(
      ['away', 'back', 'away', 'back'].map(how => `the database is ${how}`),
    )
    expect(tested.story()).not.toContain('warns')
  })

  test('commits nothing meanwhile, and one time afterwards', async () => {
    const { tested } = service(5_000)
    const captured = points('captured')
    await tested.deliver(captured)
    tested.databaseAway(10_000)
    await tested.advance(9_000)
    expect(tested.row('captured')).toBeUndefined()
    await tested.advance(2 * LEASE_MS)
    expect(tested.event(captured), tested.story()).toMatchObject({ state: 'done' })
    expect(tested.row('captured')).toBe('1')
  })
})

const writes: readonly DatabaseWrite[] = ['accept', 'write', 'finish', 'release', 'renew', 'commit']

test.each(writes)('a lost answer of %s: everything is done once all the same', async write => {
  const { target, tested } = service(LEASE_MS / 2)
  const events = ['approved', 'captured'].map((event, second) => points(event, {}, `2026-03-01T10:00:0${second}Z`))
  tested.loseAnswer(write)
  for (const event of events) {
    await tested.deliver(event)
    await tested.advance(LEASE_MS)
  }
  await tested.advance(3 * LEASE_MS)
  expect(tested.count('store_failures'), tested.story()).toBe(1)
  expect(tested.story()).toContain(`MemoryFault: ${write}: all was done`)
  expect(tested.events().map(({ state }) => state)).toEqual(['done', 'done'])
  expect(target.requests.map(({ event }) => event)).toEqual(['approved', 'captured'])
  expect(tested.row('captured')).toBe('1')
})
