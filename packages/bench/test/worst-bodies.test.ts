import { catalogues, readEvent } from '@hookline/contracts'
import { expect, test } from 'vitest'
import { worstBodies } from '../src/worst-bodies.ts'

const NOW = Date.UTC(2026, 2, 1, 10, 0, 1)
/** What is found out while or before it is parsed. */
const REFUSED = /^no JSON|^no event|^one long number$|^exponents without commas$/

test.each(worstBodies())(
  '$name: no larger than a body may be, and read as far as it is meant to be',
  ({ name, body }) => {
    const bytes = Buffer.from(body)
    expect(bytes.length).toBeLessThanOrEqual(1_048_576)
    const { kind } = readEvent(catalogues.points, { body: bytes, headers: {}, receivedAt: NOW, now: NOW })
    expect(kind).toBe(REFUSED.test(name) ? 'refused' : 'event')
  },
)
