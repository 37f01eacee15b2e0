import { expect, test } from 'vitest'
import { type CheckName, conform, type Conformity, tableOf } from '../src/index.ts'
import { fixture } from './fixtures/service.ts'

const LIMIT_MS = 300_000

function failed({ verdicts }: Conformity): readonly CheckName[] {
  return verdicts.flatMap(({ check, outcome }) => (outcome === 'failed' ? [check] : []))
}

test('what a decent developer writes in an afternoon fails nine checks, and the table tells why', {
  timeout: LIMIT_MS,
}, async () => {
  // longer than its session; and who has no kit is not waited for as long as a person would
  const options = { slowMs: 7_000, patienceMs: 4_000 }
  const conformity = await conform(fixture('naive-consumer.ts', 'naive.ts'), options)
  const shown = tableOf(conformity, { colours: false })
  expect(conformity).toMatchObject({ conforms: false, kit: false })
  // it may get through a rebalance, by chance
  expect(failed(conformity).filter(check => check !== 'rebalance')).toEqual([
    'duplicates',
    'order',
    'every-fact',
    'outage',
    'lost-answer',
    'crash',
    'slow-handler',
    'waiting',
    'offset-reset',
  ])
  expect(shown).toMatch(/duplicates: .*\n.*asked for 2 times, under 2 keys/)
  expect(shown).toMatch(/lost-answer: .*\n.*whose answer was lost, was not asked for again/)
  expect(shown).toMatch(/slow-handler: .*\n.*the process was taken for dead/)
})

test('a handler that makes its own keys is found out, though the kit tries again for it', async () => {
  const only: readonly CheckName[] = ['duplicates', 'lost-answer']
  const conformity = await conform(fixture('own-keys-main.ts', 'own-keys.ts'), { only })
  expect(conformity.kit).toBe(true)
  const [finding] = conformity.verdicts.flatMap(verdict => ('findings' in verdict ? verdict.findings : []))
  expect(failed(conformity)).toEqual(['lost-answer'])
  expect(finding?.what).toContain('under another key')
})

test('a handler that keeps its errors to itself is found out, though the kit would try again', async () => {
  const only: readonly CheckName[] = ['poison', 'outage', 'lost-answer']
  const conformity = await conform(fixture('keeps-quiet-main.ts', 'keeps-quiet.ts'), { only })
  expect(failed(conformity), tableOf(conformity, { colours: false })).toEqual(['outage', 'lost-answer'])
})

test('a handler that tries again whatever the answer is found out', async () => {
  const only: readonly CheckName[] = ['duplicates', 'poison']
  const conformity = await conform(fixture('asks-for-ever-main.ts', 'asks-for-ever.ts'), { only })
  expect(failed(conformity), tableOf(conformity, { colours: false })).toEqual(['poison'])
})

test('a service of one event can be checked: what cannot apply is told as such, never as passed', async () => {
  const only: readonly CheckName[] = ['order', 'every-fact', 'unreadable-record', 'poison', 'waiting']
  const { verdicts } = await conform(fixture('one-event-main.ts', 'one-event.ts'), { only })
  expect(verdicts.map(({ check, outcome }) => [check, outcome])).toEqual([
    ['order', 'not applicable'],
    ['every-fact', 'not applicable'],
    ['unreadable-record', 'passed'],
    ['poison', 'passed'],
    ['waiting', 'not applicable'],
  ])
})
