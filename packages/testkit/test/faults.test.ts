import { expect, it } from 'vitest'
import { memoryClock, memoryInbox, memoryOrders, sampleNewEvent, sampleOrder } from '@hookline/testkit'

const write = (key: string) => ({ key, before: undefined, after: sampleOrder() })

it('a call that fails before does nothing, and only the next one fails', async () => {
  const orders = memoryOrders()
  orders.faults.failBefore('write')
  await expect(orders.write([write('points:a')])).rejects.toMatchObject({ name: 'MemoryFault', retry: true })
  expect(orders.records().size).toBe(0)
  expect(await orders.write([write('points:a')])).toBe(1)
})

it('a call that fails midway has done its first half', async () => {
  const orders = memoryOrders()
  orders.faults.failMidway('write')
  await expect(orders.write(['points:a', 'points:b', 'points:c'].map(write))).rejects.toThrow('half was done')
  expect([...orders.records().keys()]).toEqual(['points:a', 'points:b'])
})

it('a call that fails after has done everything', async () => {
  const inbox = memoryInbox()
  inbox.faults.failAfter('accept')
  await expect(inbox.accept([sampleNewEvent()])).rejects.toThrow('all was done')
  expect(await inbox.accept([sampleNewEvent()])).toMatchObject([{ state: 'open' }])
})

it('a call that fails late is carried out when it arrives, and its caller was told that it failed', async () => {
  const orders = memoryOrders()
  const late = orders.faults.failLate('write')
  await expect(orders.write([write('points:a')])).rejects.toThrow('still on its way')
  expect(orders.records().size).toBe(0)
  late.arrive()
  expect([...orders.records().keys()]).toEqual(['points:a'])
})

it('a paused call has done nothing before its point and all after it', async () => {
  const orders = memoryOrders()
  const before = orders.faults.pauseBefore('write')
  const after = orders.faults.pauseAfter('write')
  const first = orders.write([write('points:a')])
  await before.reached
  expect(orders.records().size).toBe(0)
  const second = orders.write([write('points:b')])
  await after.reached
  expect([...orders.records().keys()]).toEqual(['points:b'])
  before.resume()
  after.resume()
  expect(await Promise.all([first, second])).toEqual([1, 1])
})

it('while it is down every call fails, also one that was paused', async () => {
  const inbox = memoryInbox()
  const pause = inbox.faults.pauseBefore('states')
  const paused = inbox.states(['x'])
  await pause.reached
  inbox.faults.down()
  pause.resume()
  await expect(paused).rejects.toThrow('nothing was done')
  await expect(inbox.load(['x'])).rejects.toThrow('nothing was done')
  inbox.faults.up()
  expect(await inbox.load(['x'])).toEqual(new Map())
})

it('what is done is forgotten when it expires, what is open never', async () => {
  const clock = memoryClock()
  const inbox = memoryInbox({ clock, inboxTtlMs: 1_000 })
  const [done, open] = await inbox.accept([sampleNewEvent({ order_id: 'a' }), sampleNewEvent({ order_id: 'b' })])
  await inbox.finish([{ ids: [done?.id ?? ''], state: 'done', note: 'no_recipient' }])
  expect(inbox.events()[0]).toMatchObject({ note: 'no_recipient', expires_at: clock.now() + 1_000 })
  clock.advance(1_000)
  inbox.expire()
  expect(inbox.events().map(({ id }) => id)).toEqual([open?.id])
  expect(await inbox.accept([sampleNewEvent({ order_id: 'a' })])).toMatchObject([{ state: 'new' }])
})

it('every write is seen with what it replaced', async () => {
  const seen: unknown[] = []
  const orders = memoryOrders({ onWrite: (key, before, after) => seen.push([key, before?.rev, after.rev]) })
  await orders.write([write('points:a')])
  await orders.write([
    { key: 'points:a', before: sampleOrder(), after: sampleOrder({ rev: 2, owner: 't', planned: {} }) },
  ])
  await orders.renew(['points:a'], 't', 5)
  await orders.release(['points:a'], 't')
  expect(seen).toEqual([
    ['points:a', undefined, 1],
    ['points:a', 1, 2],
    ['points:a', 2, 3],
    ['points:a', 3, 4],
  ])
})

it('what a caller does to what it read or wrote does not reach the store', async () => {
  const orders = memoryOrders()
  const after = sampleOrder({ lane: [] })
  await orders.write([{ key: 'points:a', before: undefined, after }])
  Object.assign(after, { rev: 99 })
  Object.assign((await orders.read(['points:a'])).get('points:a') ?? {}, { rev: 98 })
  expect((await orders.read(['points:a'])).get('points:a')?.rev).toBe(1)
})
