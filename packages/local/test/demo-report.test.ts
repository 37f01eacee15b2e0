import { describe, expect, test } from 'vitest'
import { judge } from '../src/demo/judge.ts'
import { planOf } from '../src/demo/plan.ts'
import { plainProgress, type Snapshot } from '../src/demo/progress.ts'
import { tableOf } from '../src/demo/table.ts'
import { verdictOf, verdictText } from '../src/demo/verdict.ts'
import { idealWorld } from './demo-world.ts'

const plan = planOf({ seed: 3, orders: 40, nowMs: Date.UTC(2029, 11, 31) })
const lookAt = (id: string) => `look at ${id}`

function valueOf(table: string, what: string, column: number): string | undefined {
  const row = table.split('\n').find(line => line.includes(what))
  return row?.split('│')[column + 1]?.trim()
}

describe('the table', () => {
  test('says what the sender did and what each target did of what it had to', () => {
    const world = idealWorld(plan)
    const table = tableOf(judge(world).figures, { colours: false })
    expect(valueOf(table, 'orders / events', 1)).toBe(`40 / ${plan.events.length}`)
    expect(valueOf(table, 'refused, wrong secret', 1)).toBe('3')
    const [erp, wms, mail] = (['erp', 'wms', 'mail'] as const).map(target => {
      const { length } = world.ledgers[target].filter(({ executed }) => executed)
      return `${length} of ${length}`
    })
    expect([2, 3, 4].map(column => valueOf(table, 'effects done once', column))).toEqual([erp, wms, mail])
    expect(valueOf(table, 'orders at their newest state', 2)).toBe('40 of 40')
  })

  test('shows what is missing', () => {
    const world = idealWorld(plan)
    const { length } = world.ledgers.mail
    world.ledgers.mail.length -= 1
    const table = tableOf(judge(world).figures, { colours: false })
    expect(valueOf(table, 'effects done once', 4)).toBe(`${length - 1} of ${length}`)
  })
})

describe('the verdict', () => {
  test('is one line where nothing is wrong', () => {
    const verdict = verdictOf([])
    expect(verdict.right).toBe(true)
    expect(verdictText(verdict, lookAt)).toMatch(/^Verdict: all is as it must be\..*$/)
  })

  test('names what is wrong, the commonest first, and for each order what was seen and where to look', () => {
    const finding = (id: string, kind: 'lost' | 'not newest') => ({
      kind,
      order: { id },
      target: 'erp' as const,
      seen: id,
    })
    const findings = [finding('a', 'not newest'), finding('a', 'lost'), finding('b', 'lost')]
    const lines = verdictText(verdictOf(findings), lookAt).split('\n')
    expect(lines[0]).toBe('Verdict: NOT as it must be.')
    expect(lines[1]).toMatch(/^ {2}2 effects of acked events are missing/)
    expect(lines[2]).toMatch(/^ {2}1 orders do not end at their newest state/)
    expect(lines.slice(4)).toEqual([
      'order a',
      '  erp a',
      '  erp a',
      '  look at a',
      'order b',
      '  erp b',
      '  look at b',
    ])
  })

  test('does not bury the reader under hundreds of orders', () => {
    const findings = Array.from({ length: 300 }, (_, n) => ({ kind: 'lost' as const, order: { id: `${n}` }, seen: '' }))
    const text = verdictText(verdictOf(findings), lookAt)
    expect(text.split('\n').length).toBeLessThan(60)
    expect(text).toContain('and 288 more orders')
  })
})

test('what happens is a line at once in a log, the figures not more often than asked', () => {
  const lines: string[] = []
  const progress = plainProgress(line => lines.push(line), 60_000)
  const snapshot: Snapshot = {
    requests: 3,
    deliveries: { done: 2, all: 9 },
    acked: 2,
    refused: 1,
    perSecond: 2,
    services: [{ name: 'email', pid: 7, lag: 4, open: undefined, seen: 1 }],
    now: 'ERP is down',
  }
  progress.show(snapshot)
  progress.show(snapshot)
  progress.note('email killed with SIGKILL (pid 7)')
  expect(lines.map(line => line.replace(/^ *[\d.]+ s {2}/, ''))).toEqual([
    'sent 2/9, acked 2, refused 1, 2/s; email lag 4 open ? target 1; ERP is down',
    'email killed with SIGKILL (pid 7)',
  ])
})
