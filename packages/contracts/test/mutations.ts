import * as fc from 'fast-check'

/** One change of some bytes; `at` counts round from their start. */
type Mutation =
  | { readonly kind: 'delete' | 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'insert' | 'replace'; readonly at: number; readonly text: string }
  | { readonly kind: 'cut'; readonly at: number }

/** One to four changes; `tokens` are put in beside bytes of any kind, as they are what a parser looks for. */
export function mutations(tokens: readonly string[]): fc.Arbitrary<readonly Mutation[]> {
  const at = fc.nat({ max: 100_000 })
  const length = fc.integer({ min: 1, max: 40 })
  const text = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...tokens) },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 4 }).map(bytes => String.fromCharCode(...bytes)) },
  )
  const one: fc.Arbitrary<Mutation> = fc.oneof(
    fc.record({ kind: fc.constantFrom('delete', 'repeat'), at, length }),
    fc.record({ kind: fc.constant('flip'), at, bit: fc.nat({ max: 7 }) }),
    fc.record({ kind: fc.constantFrom('insert', 'replace'), at, text }),
    fc.record({ kind: fc.constant('cut'), at }),
  )
  return fc.array(one, { minLength: 1, maxLength: 4 })
}

/** The bytes with the changes made, one after another. */
export function mutated(bytes: Buffer, changes: readonly Mutation[]): Buffer {
  return changes.reduce(changed, bytes)
}

function changed(bytes: Buffer, mutation: Mutation): Buffer {
  const at = mutation.at % (bytes.length + 1)
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (mutation.kind) {
    case 'delete':
      return Buffer.concat([before, after.subarray(mutation.length)])
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, mutation.length), after])
    case 'flip':
      return Buffer.concat([before, after.subarray(0, 1).map(byte => byte ^ (1 << mutation.bit)), after.subarray(1)])
    case 'insert':
      return Buffer.concat([before, Buffer.from(mutation.text, 'latin1'), after])
    case 'replace':
      return Buffer.concat([before, Buffer.from(mutation.text, 'latin1'), after.subarray(mutation.text.length)])
    case 'cut':
      return before
  }
}
