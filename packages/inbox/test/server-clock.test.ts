import { expect, it, vi } from 'vitest'
import { startServerClock } from '../src/server-clock.ts'

const SERVER_START = Date.UTC(2026, 0, 1)

/** A server whose clock can be set, behind a way of so many milliseconds there and back. */
function simulated() {
  const world = { monotonic: 1_000, server: SERVER_START, thereMs: 5, backMs: 5, missed: 0, asked: 0, isDown: false }
  const pass = (ms: number) => {
    world.monotonic += ms
    world.server += ms
  }
  const options = {
    everyMs: 5_000,
    monotonic: () => world.monotonic,
    onMissed: () => {
      world.missed += 1
    },
    ask: async () => {
      world.asked += 1
      if (world.isDown) throw new Error('down')
      pass(world.thereMs)
      const answer = world.server
      pass(world.backMs)
      return answer
    },
  }
  return { world, pass, options }
}

async function withFakeTimers(run: () => Promise<void>): Promise<void> {
  vi.useFakeTimers()
  try {
    await run()
  } finally {
    vi.useRealTimers()
  }
}

it('the time that it tells is that of the server, within the error that it admits', async () => {
  const { world, pass, options } = simulated()
  Object.assign(world, { thereMs: 1, backMs: 19 })
  const clock = await startServerClock(options)
  for (const ms of [0, 1, 1_000, 3_600_000]) {
    pass(ms)
    expect(Math.abs(clock.now() - world.server)).toBeLessThanOrEqual(clock.errorMs())
    expect(Number.isInteger(clock.now())).toBe(true)
  }
  clock.stop()
})

it('half the round trip is its error, which grows with the time since', async () => {
  const { world, pass, options } = simulated()
  Object.assign(world, { thereMs: 15, backMs: 15 })
  const clock = await startServerClock(options)
  const first = clock.errorMs()
  expect(first).toBeGreaterThanOrEqual(15)
  pass(60_000)
  expect(clock.errorMs()).toBeGreaterThan(first)
  clock.stop()
})

it('a better answer is taken, a worse one is not', () =>
  withFakeTimers(async () => {
    const { world, options } = simulated()
    Object.assign(world, { thereMs: 50, backMs: 50 })
    const clock = await startServerClock(options)
    Object.assign(world, { thereMs: 1, backMs: 1 })
    await vi.advanceTimersByTimeAsync(5_000)
    const better = clock.errorMs()
    expect(better).toBeLessThan(5)
    Object.assign(world, { thereMs: 400, backMs: 0 })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(world.asked).toBe(3)
    expect(clock.errorMs()).toBeLessThan(5)
    expect(Math.abs(clock.now() - world.server)).toBeLessThanOrEqual(clock.errorMs())
    clock.stop()
  }))

it('when the server is another one, or its clock was set, the new time counts', () =>
  withFakeTimers(async () => {
    const { world, options } = simulated()
    const clock = await startServerClock(options)
    Object.assign(world, { server: world.server - 90_000, thereMs: 20, backMs: 20 })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(Math.abs(clock.now() - world.server)).toBeLessThanOrEqual(clock.errorMs())
    clock.stop()
  }))

it('a server that does not answer is asked again, and the clock goes on meanwhile', () =>
  withFakeTimers(async () => {
    const { world, pass, options } = simulated()
    const clock = await startServerClock(options)
    world.isDown = true
    await vi.advanceTimersByTimeAsync(10_000)
    expect(world.missed).toBe(2)
    pass(10_000)
    expect(Math.abs(clock.now() - world.server)).toBeLessThanOrEqual(clock.errorMs())
    world.isDown = false
    const grown = clock.errorMs()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(clock.errorMs()).toBeLessThan(grown)
    clock.stop()
  }))

it('without a first answer there is no clock', async () => {
  const { world, options } = simulated()
  world.isDown = true
  await expect(startServerClock(options)).rejects.toThrow('down')
})

it('once stopped it asks no more', () =>
  withFakeTimers(async () => {
    const { world, options } = simulated()
    const clock = await startServerClock(options)
    clock.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(world.asked).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  }))
