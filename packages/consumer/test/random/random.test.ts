import { expect, test } from 'vitest'
import { runSchedule } from './schedule.ts'
import { COUNTERS, nothingSeen } from './seen.ts'
import { randomSettings } from './settings.ts'
import { VARIANTS } from './variants.ts'

const settings = randomSettings(process.env)
const variants = VARIANTS.filter(({ name }) => name.includes(settings.variant))
const TRACE_LINES = 120

test.each(variants)(
  'under random schedules of the real loop, every guarantee holds: $name',
  {
    timeout: 60_000 + settings.schedules * 6_000,
  },
  async variant => {
    const seen = nothingSeen()
    const endSeed = settings.firstSeed + settings.schedules * variant.weight
    for (let seed = settings.firstSeed; seed < endSeed; seed += 1) {
      const result = await runSchedule(seed, variant)
      for (const counter of COUNTERS) seen[counter] += result.seen[counter]
      const [first] = result.violations
      if (!first) continue
      const log: string[] = []
      await runSchedule(seed, variant, log)
      const trace = log.slice(-TRACE_LINES).join('\n')
      expect.fail(`violated: ${first.guarantee} (${first.detail}), seed ${seed}, ${variant.name}\n${trace}`)
    }
    if (settings.tell) process.stdout.write(`${variant.name} ${JSON.stringify(seen)}\n`)
    if (variant.name !== 'everything' || settings.schedules < 40) return
    expect(COUNTERS.filter(counter => seen[counter] === 0)).toEqual([])
  },
)
