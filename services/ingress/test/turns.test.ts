import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { turns } from '../src/turns.ts'

/** Work that takes as long as it says, by a clock of its own. */
function workshop() {
  let now = 0
  const done: number[] = []
  const inTurn = turns(() => now)
  const work = (name: number, tookMs: number) =>
    inTurn(() => {
      now += tookMs
      done.push(name)
      return name
    })
  return { work, done }
}

test('long work is done one piece in a turn of the event loop, in the order in which it came', async () => {
  const { work, done } = workshop()
  const all = [1, 2, 3, 4].map(name => work(name, 30))
  expect(done).toEqual([1])
  for (const so_far of [
    [1, 2],
    [1, 2, 3],
    [1, 2, 3, 4],
  ]) {
    await nextTurn()
    expect(done).toEqual(so_far)
  }
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4])
})

test('short work is done at once, as much as fits into a turn', async () => {
  const { work, done } = workshop()
  const all = Array.from({ length: 12 }, (_, name) => work(name, 1))
  expect(done).toHaveLength(5)
  await nextTurn()
  expect(done).toHaveLength(10)
  expect(await Promise.all(all)).toEqual(Array.from({ length: 12 }, (_, name) => name))
})

test('short work that comes later does not overtake what waits', async () => {
  const { work, done } = workshop()
  const first = [work(1, 30), work(2, 30), work(3, 30)]
  await nextTurn()
  const last = work(4, 0)
  await Promise.all([...first, last])
  expect(done).toEqual([1, 2, 3, 4])
})

test('work that throws rejects, and what waits behind it is done', async () => {
  const inTurn = turns(() => 0)
  let now = 0
  const slow = turns(() => now)
  const fail = () => {
    now += 30
    throw new Error('broken')
  }
  await expect(inTurn(fail)).rejects.toThrow('broken')
  const all = await Promise.allSettled([slow(fail), slow(fail), slow(() => 'done')])
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
})
