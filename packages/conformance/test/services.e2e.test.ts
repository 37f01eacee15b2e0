import { expect, test } from 'vitest'
import { conform, tableOf } from '../src/index.ts'

const LIMIT_MS = 300_000

test.each(['erp-sync', 'wms', 'email'])(
  '%s conforms: no check fails, and only what cannot apply is left out',
  {
    timeout: LIMIT_MS,
  },
  async service => {
    const conformity = await conform(service)
    const shown = tableOf(conformity, { colours: false })
    expect(
      conformity.verdicts.filter(({ outcome }) => outcome === 'failed'),
      shown,
    ).toEqual([])
    const leftOut = conformity.verdicts.flatMap(({ check, outcome }) => (outcome === 'not applicable' ? [check] : []))
    expect(leftOut, shown).toEqual(service === 'wms' ? ['every-fact'] : [])
  },
)
