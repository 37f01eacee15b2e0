import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentText, parseDocument, parseEntries, rotatingUntil, secretsOf } from '../src/secrets/document.ts'

const SECRET = 'whsec_MARKER-that-nobody-must-see'
const entry = { id: '2026-11', secret: SECRET }

function problemsOf(text: string): readonly string[] {
  const parsed = parseDocument(text, 'secrets.json')
  return parsed.ok ? [] : parsed.problems
}

test('a file has the secrets of each source, with their windows', () => {
  const window = { not_before: '2026-11-22T10:00:00Z', not_after: '2026-11-23T10:00:00+03:00' }
  const parsed = parseDocument(JSON.stringify({ points: [entry, { ...entry, id: 'b', ...window }] }), 'f')
  if (!parsed.ok) throw new Error(parsed.problems.join())
  expect(secretsOf('points', parsed.value['points']?.secrets ?? [])).toEqual([
    { id: '2026-11', label: 'secret 2026-11 of points', secret: SECRET, notBefore: -Infinity, notAfter: Infinity },
    {
      id: 'b',
      label: 'secret b of points',
      secret: SECRET,
      notBefore: Date.UTC(2026, 10, 22, 10),
      notAfter: Date.UTC(2026, 10, 23, 7),
    },
  ])
})

test('a source may have a rotation window, and is written in its shortest form', () => {
  const text = documentText({
    points: { rotating_until: '2026-11-22T10:00:00+03:00', secrets: [entry] },
    hc: { secrets: [entry] },
  })
  expect(JSON.parse(text)).toMatchObject({ points: { secrets: [entry] }, hc: [entry] })
  const parsed = parseDocument(text, 'f')
  if (!parsed.ok) throw new Error(parsed.problems.join())
  expect(Object.values(parsed.value).map(rotatingUntil)).toEqual([Date.UTC(2026, 10, 22, 7), -Infinity])
  expect(documentText(parsed.value)).toBe(text)
})

describe('what a file must not be is said with its place, and without a part of it', () => {
  const inPoints = (one: unknown) => JSON.stringify({ points: [entry, one] })
  const rows: [string, string, RegExp][] = [
    ['empty', ' \n', /^secrets.json is empty$/],
    ['cut off', `{"points":[{"id":"a","secret":"${SECRET}`, /^secrets.json is not one JSON object/],
    ['the secret alone', SECRET, /^secrets.json is not one JSON object/],
    ['a list', JSON.stringify([entry]), /^secrets.json is not one JSON object/],
    ['the secret as a key', JSON.stringify({ [SECRET]: [] }), /^secrets.json has a key that is no name of a source$/],
    ['the secret in place of the list', JSON.stringify({ points: SECRET }), /^secrets.json: points is not a JSON list/],
    ['a source without secrets', '{"points":[]}', /^secrets.json: points is not a JSON list with a secret in it$/],
    ['a window without secrets', '{"points":{"rotating_until":"2026-11-22T10:00:00Z"}}', /points is not a JSON list/],
    [
      'a window without a zone',
      JSON.stringify({ points: { secrets: [entry], rotating_until: '2026-11-22T10:00:00' } }),
      /^secrets.json: points has a rotating_until that is not as 2026-/,
    ],
    [
      'a misspelt window',
      JSON.stringify({ points: { secrets: [entry], rotating: SECRET } }),
      /^secrets.json: points has a field other than secrets, rotating_until$/,
    ],
    ['an entry that is none', inPoints(SECRET), /^secrets.json: points\[1\] is not an object$/],
    ['a misspelt field', inPoints({ ...entry, not_afer: 'x' }), /points\[1\] has a field other than id, secret,/],
    ['no id', inPoints({ secret: SECRET }), /points\[1\] has no id/],
    ['an id with spaces', inPoints({ ...entry, id: 'a b' }), /points\[1\] has no id/],
    ['no secret', inPoints({ id: 'a' }), /points\[1\] has no secret$/],
    ['an empty secret', inPoints({ id: 'a', secret: '' }), /points\[1\] has no secret$/],
    ['a line end', inPoints({ id: 'a', secret: `${SECRET}\n` }), /points\[1\] has a secret that begins or ends with/],
    ['a time without a zone', inPoints({ ...entry, not_after: '2026-11-22T10:00:00' }), /has a not_after that is not/],
    ['a time that is none', inPoints({ ...entry, not_before: 5 }), /has a not_before that is not as 2026-/],
    [
      'a window that is none',
      inPoints({ ...entry, not_before: '2026-11-22T10:00:00Z', not_after: '2026-11-22T10:00:00Z' }),
      /points\[1\] ends before it begins$/,
    ],
  ]
  test.each(rows)('%s', (_name, text, sentence) => {
    const problems = problemsOf(text)
    expect(problems).toEqual([expect.stringMatching(sentence)])
    expect(problems.join()).not.toContain('MARKER')
  })
})

test('no text throws, and what is taken has a usable secret in every source', () => {
  const anyEntry = fc.record(
    { id: fc.string(), secret: fc.string(), not_before: fc.string(), not_after: fc.anything() },
    { requiredKeys: [] },
  )
  const windowed = fc.record({ secrets: fc.array(anyEntry), rotating_until: fc.anything() }, { requiredKeys: [] })
  const anySource = fc.oneof(fc.array(anyEntry), windowed)
  const anyDocument = fc.dictionary(fc.constantFrom('points', 'hc', '__proto__', 'X'), anySource)
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        anyDocument.map(one => JSON.stringify(one)),
      ),
      text => {
        const document = parseDocument(text, 'f')
        const entries = parseEntries(text, 'V')
        const taken = [
          ...(document.ok ? Object.values(document.value).map(({ secrets }) => secrets) : []),
          ...(entries.ok ? [entries.value] : []),
        ]
        expect(taken.flat().filter(({ secret }) => secret === '')).toEqual([])
        expect(taken.filter(list => list.length === 0)).toEqual([])
      },
    ),
  )
})
