import { describe, expect, it } from 'vitest'
import { tokenSource } from '../src/token-source.ts'
import type { Token, TokenSource } from '../src/token-source.ts'

const HOUR_MS = 3_600_000

/** Gives `token 1`, `token 2`, … with a clock that the test sets. */
function endpoint(lifetimeMs: number) {
  const state = { nowMs: 0, away: false, asked: 0 }
  const fetch = (): Promise<Token> => {
    state.asked += 1
    if (state.away) return Promise.reject(new Error('away'))
    return Promise.resolve({ value: `token ${state.asked}`, lifetimeMs })
  }
  const source: TokenSource = tokenSource(fetch, () => state.nowMs)
  return { state, source }
}

describe('a token', () => {
  it('is asked for once, however many connections want it', async () => {
    const { source, state } = endpoint(HOUR_MS)
    expect(await Promise.all([source.get(), source.get(), source.get()])).toEqual(['token 1', 'token 1', 'token 1'])
    expect([await source.get(), state.asked]).toEqual(['token 1', 1])
  })

  it.each([
    ['30 s before its end', HOUR_MS, HOUR_MS - 30_001, HOUR_MS - 30_000],
    ['after half of its time where that is less', 20_000, 9_999, 10_000],
    ['so early that kafkajs need not log in twice within a second', 8_000, 2_999, 3_000],
  ])('is renewed %s', async (_when, lifetimeMs, stillMs, thenMs) => {
    const { source, state } = endpoint(lifetimeMs)
    await source.get()
    state.nowMs = stillMs
    expect(await source.get()).toBe('token 1')
    state.nowMs = thenMs
    expect(await source.get()).toBe('token 2')
  })

  it('serves while the endpoint is away, until it is nearly over', async () => {
    const { source, state } = endpoint(60_000)
    await source.get()
    state.away = true
    state.nowMs = 54_999
    expect(await source.get()).toBe('token 1')
    state.nowMs = 55_000
    await expect(source.get()).rejects.toThrow('away')
    state.away = false
    expect(await source.get()).toBe('token 4')
  })

  it('that the broker refuses is not shown again', async () => {
    const { source } = endpoint(HOUR_MS)
    await source.get()
    source.forget()
    expect(await source.get()).toBe('token 2')
  })
})
