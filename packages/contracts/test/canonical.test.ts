import canonicalize from 'canonicalize'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonical } from '../src/canonical.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\u0000', '\n', '1', '/', '\u007f', '\u2028', 'é', 'ن', '😀') }),
)

test('canonical JSON is what RFC 8785 says of every value', () => {
  const { value } = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false, -0, 1e21, 1e-7),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      text,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 6 }),
    ),
  }))
  const same = (one: unknown) => {
    expect(canonical(one)).toBe(canonicalize(one))
  }
  fc.assert(fc.property(value, same), { numRuns: 2_000 })
})
