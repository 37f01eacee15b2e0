import { Unknown } from '@hookline/consumer'
import { expect, test } from 'vitest'
import { breakerWatch } from '../src/breaker-watch.ts'
import { createLog } from '../src/log.ts'
import { createMetrics } from '../src/metrics.ts'
import { targetBreaker } from '../src/target-breaker.ts'
import { thrownBy } from './target-fixture.ts'

test('every change of a breaker is counted by target and state, from 0', async () => {
  const metrics = createMetrics()
  const watch = breakerWatch(['erp', 'crm'], { log: createLog({ service: 'test', level: 'fatal' }), metrics })
  const breaker = targetBreaker('erp', { breakAfter: 1, halfOpenAfterMs: 60_000, onBreaker: watch('erp') })
  const counts = async () => {
    const lines = (await metrics.registry.metrics()).split('\n')
    return lines.filter(line => line.startsWith('hookline_breaker_changes_total{'))
  }
  expect((await counts()).map(line => line.split(' ').at(-1))).toEqual(['0', '0', '0', '0', '0', '0'])
  await thrownBy(breaker.run('points:order-1', async () => ({ error: new Unknown('500'), down: true })))
  expect((await counts()).filter(line => !line.endsWith(' 0'))).toEqual([
    'hookline_breaker_changes_total{target="erp",state="open"} 1',
  ])
})
