import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseEventHeader } from '../src/event-header.ts'
import { eventHeader } from './client.ts'

const nothing = { source: '', order: '', event: '', effect: '', version: '' }

describe('X-Hookline-Event', () => {
  test('what a sender wrote percent-encoded is read back as it was', () => {
    const text = fc.string({ unit: 'grapheme' })
    const fields = fc.record({ source: text, order: text, event: text, effect: text, version: text })
    fc.assert(
      fc.property(fields, value => {
        expect(parseEventHeader(eventHeader(value))).toEqual(value)
      }),
    )
  })

  test('any text is read without an error', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(Object.keys(parseEventHeader(text))).toEqual(Object.keys(nothing))
      }),
    )
  })

  test.each([
    [
      'other order, other spaces',
      'event=approved;order=o-1 ;  source=points',
      { event: 'approved', order: 'o-1', source: 'points' },
    ],
    ['unknown names', 'order=o-1; __proto__=x; colour=red; nonsense', { order: 'o-1' }],
    ['a broken escape stays as it came', 'order=100%', { order: '100%' }],
    ['no header', undefined, {}],
  ])('%s', (_name, header, expected) => {
    expect(parseEventHeader(header)).toEqual({ ...nothing, ...expected })
  })
})
