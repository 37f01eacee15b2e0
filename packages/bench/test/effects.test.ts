import { expect, test } from 'vitest'
import { wrongEffects } from '../src/consumers/effects.ts'

const done = ['a 1', 'b 1', 'a 2']

test('effects that are done once and in the order of their order are not wrong', () => {
  expect(wrongEffects(done, 3)).toEqual([])
})

test.each([
  ['one is missing', done, 4],
  ['one is done twice', [...done, 'a 2'], 4],
  ['an older one is done after a newer one', ['a 2', 'b 1', 'a 1'], 3],
])('it is told where %s', (_, lines, events) => {
  expect(wrongEffects(lines, events)).toHaveLength(1)
})
