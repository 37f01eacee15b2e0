import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { turns } from '../src/turns.ts'

const LARGE = 1_000_000

/** Work that takes as long as it says, by a clock of its own. `pass`: time that other things take. */
function workshop() {
  let now = 0
  const done: number[] = []
  const { take, next } = turns(() => now)
  const work = (name: number, tookMs: number, bytes = 0) =>
    take(() => {
      now += tookMs
      done.push(name)
      return name
    }, bytes)
  return { work, done, next, pass: (ms: number) => void (now += ms) }
}

test('long work is done one piece in a turn of the event loop, in the order in which it came', async () => {
  const { work, done } = workshop()
  const all = [1, 2, 3, 4].map(name => work(name, 30, LARGE))
  expect(done).toEqual([1])
  for (const doneByThen of [
    [1, 2],
    [1, 2, 3],
    [1, 2, 3, 4],
  ]) {
    await nextTurn()
    expect(done).toEqual(doneByThen)
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

test('short work has as much time in a turn as everything else took since the last one', async () => {
  const { work, done, pass } = workshop()
  const all = Array.from({ length: 40 }, (_, name) => work(name, 1))
  await nextTurn()
  expect(done).toHaveLength(10)
  pass(20)
  await nextTurn()
  expect(done).toHaveLength(30)
  await nextTurn()
  expect(done).toHaveLength(35)
  await Promise.all(all)
})

test('short work waits for one long piece at most, and long work for a turn of short work', async () => {
  const { work, done } = workshop()
  const long = [1, 2, 3].map(name => work(name, 30, LARGE))
  const short = [11, 12, 13, 14, 15, 16].map(name => work(name, 1))
  await Promise.all([...long, ...short])
  expect(done).toEqual([1, 11, 12, 13, 14, 15, 2, 16, 3])
})

test('what goes on after a long piece has its time in the next turn', async () => {
  const { work, done, next } = workshop()
  expect(next()).toBeUndefined()
  const second = work(1, 30, LARGE).then(() => work(2, 30, LARGE))
  expect(next()).toBeInstanceOf(Promise)
  // everything that this turn still does
  await new Promise<void>(resolve => process.nextTick(resolve))
  expect(done).toEqual([1])
  await next()
  await second
  expect(done).toEqual([1, 2])
})

test('work that throws rejects, at once or later, and what waits behind it is done', async () => {
  let now = 0
  const { take } = turns(() => now)
  const fail = () => {
    now += 30
    throw new Error('broken')
  }
  const all = await Promise.allSettled([take(fail, 0), take(fail, 0), take(() => 'done', 0)])
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
})
