import { expect, test } from 'vitest'
import { runSchedules, trace } from './run.ts'
import { COUNTERS } from './seen.ts'
import { modelSettings } from './settings.ts'
import { type Variant, VARIANTS } from './variants.ts'

const settings = modelSettings(process.env)
const variants = VARIANTS.filter(({ name }) => name.includes(settings.variant))
/** Enough for every fault to bite many times. */
const ENOUGH_SCHEDULES = 2_000
const GENEROUS_MS = 120_000 + settings.schedules * 50

test('every guarantee holds under random crashes, pauses, late answers, rebalances and redrives, and each of them bit', {
  timeout: GENEROUS_MS,
}, () => {
  const [first] = variants
  if (!first) throw new Error(`no variant is called ${settings.variant}`)
  if (settings.trace) process.stdout.write(`${trace(settings.firstSeed, first).join('\n')}\n`)

  const { finding, seen, schedules } = runSchedules({ ...settings, variants })

  expect(finding?.report).toBeUndefined()
  expect(schedules).toBe(settings.schedules)
  if (settings.schedules < ENOUGH_SCHEDULES || variants.length < VARIANTS.length) return
  expect(COUNTERS.filter(counter => seen[counter] === 0)).toEqual([])
})

test('a seed gives the same schedule again', () => {
  const variant = VARIANTS[0] as Variant
  const once = trace(settings.firstSeed, variant)
  expect(once.length).toBeGreaterThan(20)
  expect(trace(settings.firstSeed, variant)).toEqual(once)
})
