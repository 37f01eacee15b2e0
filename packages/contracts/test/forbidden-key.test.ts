import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outcomeOf, read, withMetadata } from './deliveries.ts'

describe('however a forbidden key is hidden', () => {
  /** A JSON value whose keys may repeat and be forbidden: objects as lists of members. */
  type Tree =
    | { readonly members: readonly (readonly [key: string, escaped: boolean, value: Tree])[] }
    | readonly Tree[]
    | string

  const key = fc.constantFrom(
    'a',
    'id',
    'order',
    '__proto__',
    'constructor',
    'prototype',
    'x',
    '__proto_',
    'b',
    'c',
    'd',
  )

  const { tree } = fc.letrec<{ tree: Tree }>(tie => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('1', '"__proto__"', '"a\\",{"', 'null', '-1.5e3', '{}', '[ ]'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.array(fc.tuple(key, fc.boolean(), tie('tree')), { maxLength: 4 }).map(members => ({ members })),
    ),
  }))

  const textOf = (value: Tree): string => {
    if (typeof value === 'string') return value
    if ('members' in value) {
      return `{ ${value.members.map(([name, escaped, inner]) => `"${escaped ? escape(name) : name}" :${textOf(inner)}`).join(' ,')}}`
    }
    return `[${value.map(textOf).join(', ')} ]`
  }
  const escape = (name: string) => Array.from(name, char => `\\u00${char.charCodeAt(0).toString(16)}`).join('')
  const isPoisoned = (value: Tree, inConstructor = false): boolean => {
    if (typeof value === 'string') return false
    if (!('members' in value)) return value.some(inner => isPoisoned(inner))
    return value.members.some(
      ([name, , inner]) =>
        name === '__proto__' || (inConstructor && name === 'prototype') || isPoisoned(inner, name === 'constructor'),
    )
  }

  test('it is found, and nothing else is taken for one', () => {
    const outcomes = new Set<string>()
    fc.assert(
      fc.property(tree, value => {
        const outcome = outcomeOf(read('points', withMetadata(textOf(value))))
        outcomes.add(outcome)
        expect(outcome).toBe(isPoisoned(value) ? 'refused 400 forbidden_key' : 'event')
      }),
      { numRuns: 2_000 },
    )
    expect(outcomes.size).toBe(2)
  })
})
