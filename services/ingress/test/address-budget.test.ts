import { expect, test } from 'vitest'
import { addressBudget } from '../src/quarantine/address-budget.ts'

const OPTIONS = { burst: 3, perSecond: 1, maxAddresses: 100 }

function taken(budget: ReturnType<typeof addressBudget>, address: string, now: number, tries = 10): number {
  return Array.from({ length: tries }, () => budget(address, now)).filter(Boolean).length
}

test('an address has its burst, then what a second brings, and never more than its burst again', () => {
  const budget = addressBudget(OPTIONS)
  expect(taken(budget, 'a', 0)).toBe(3)
  expect(taken(budget, 'a', 2_000)).toBe(2)
  expect(taken(budget, 'a', 3_600_000)).toBe(3)
})

test('one address takes nothing from another', () => {
  const budget = addressBudget(OPTIONS)
  taken(budget, 'a', 0)
  expect(taken(budget, 'b', 0)).toBe(3)
})

test('an address that goes on is remembered while others come and go', () => {
  const budget = addressBudget(OPTIONS)
  taken(budget, 'loud', 0)
  for (let n = 0; n < 1_000; n++) {
    budget(`a${n}`, 0)
    expect(budget('loud', 0)).toBe(false)
  }
})

test('a clock that is set back gives nothing away', () => {
  const budget = addressBudget(OPTIONS)
  taken(budget, 'a', 10_000)
  expect(taken(budget, 'a', 0)).toBe(0)
})
