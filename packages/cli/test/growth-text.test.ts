import { expect, it } from 'vitest'
import type { GrowthPlan } from '../src/growth/growth-plan.ts'
import type { Party } from '../src/growth/parties.ts'
import { fileNotes, grownText, planText } from '../src/text/growth-text.ts'
import { PLAIN } from './plain-look.ts'

const reader = (group: string, ...instances: number[]): Party => {
  const found = instances.reduce((sum, count) => sum + count, 0)
  return { role: 'reads', group, state: instances.length === 0 ? 'empty' : 'stable', instances, found }
}
const plan = (parties: readonly Party[]): GrowthPlan => ({
  topic: 'points.webhook',
  brokers: ['a:1'],
  from: 6,
  to: 24,
  parties,
  file: { path: 'infra/topics.yaml', partitions: 6 },
})
const ingress = (found: number | null): Party => ({ role: 'writes', admin: 'http://b:2', found })

it('before it grows a topic it says who reads it, what each will hold, and what cannot be undone', () => {
  const text = planText(plan([reader('erp-sync', 2, 2, 2), reader('wms'), reader('email', 4, 2)]), PLAIN)
  expect(text).toContain(`points.webhook on a:1: 6 partitions now, 24 afterwards

READ BY   INSTANCES  EACH HOLDS       WILL HOLD
erp-sync          3  2                8
wms               0  no instance now  all, shared by those that start
email             2  2 to 4           12
`)
  expect(text).toContain('- Kafka takes no partitions away: this cannot be undone.')
  expect(text).toMatch(/Later events of an order may come to another partition/)
  expect(text).toMatch(/Their order is\s+kept all the same/)
  expect(text).toMatch(/infra\/topics\.yaml says 6: write\s+partitions: 24/)
  expect(text).toMatch(/No ingress that writes to it is known here/)
  expect(text.split('\n').filter(line => line.length > 80)).toEqual([])
})

it('more instances than partitions are named as idle', () => {
  const many = Array.from({ length: 30 }, (_, n) => (n < 6 ? 1 : 0))
  expect(planText(plan([reader('wms', ...many)]), PLAIN)).toMatch(/wms +30 +0 to 1 +0 to 1: 6 idle/)
})

it('an ingress that is known is waited for: nobody is told to name one', () => {
  expect(planText(plan([reader('wms', 6), ingress(6)]), PLAIN)).not.toContain('No ingress')
})

it('in the end it says what everybody holds, and that all is well only where it is', () => {
  const whole = plan([reader('erp-sync', 12, 12), reader('wms'), ingress(24)])
  expect(grownText(whole, { seconds: 11, look: PLAIN })).toBe(`points.webhook has 24 partitions (6 before).
WHO                 INSTANCES  FOUND           EACH HOLDS
erp-sync                    2  24 of 24        12
wms                         0  when it starts
ingress http://b:2             24 of 24
Everybody here has found them, after 11 s.`)
  expect(grownText(plan([]), { seconds: 0, look: PLAIN })).toMatch(/\(6 before\)\.\nNobody reads or writes it/)
  const half = plan([reader('erp-sync', 3, 3), ingress(null)])
  expect(grownText(half, { seconds: 11, look: PLAIN })).toMatch(/6 of 24 +3\n.*does not answer$/)
})

it('a file that says something else is named, one that says the same is not', () => {
  const of = (partitions: number) => fileNotes({ ...plan([]), file: { path: 'f', partitions } })
  expect([of(6), of(24)]).toEqual([[expect.stringContaining('f says 6: write partitions: 24')], []])
  expect(fileNotes({ ...plan([]), file: null })).toEqual([expect.stringContaining('Write partitions: 24')])
})
