const MAX_BODY_BYTES = 1_048_576
/** Values that a body may have are bounded; a little below the bound. */
const VALUES = 9_900

const [BEFORE, AFTER] = [
  // an event that may repeat, so that all of the order is written again for its digest
  '{"event":"refunded","order":{"id":"worst","order_status":"partially_refunded","metadata":',
  '},"timestamp":"2026-03-01T10:00:00Z"}',
]
const ROOM = MAX_BODY_BYTES - BEFORE.length - AFTER.length
/** For each of so many values, its comma not counted. */
const EACH = Math.floor((ROOM - 2) / VALUES) - 1

/** The largest bodies that take longest to read, by what they are full of. All come with a right secret. */
export function worstBodies(): readonly { readonly name: string; readonly body: string }[] {
  const filled: readonly (readonly [name: string, metadata: string])[] = [
    ['one long text', text('x')],
    ['escapes', text(String.raw`\u0041`)],
    ['escaped quotes', text(String.raw`\"`)],
    ['escaped control characters', text(String.raw`\u0001`)],
    ['halves of emoji, escaped', text(String.raw`\ud83d`)],
    ['emoji', text('😀', 4)],
    ['Arabic', text('ن', 2)],
    ['spaces', ' '.repeat(ROOM - 1) + '1'],
    ['one long number', '9'.repeat(ROOM)],
    ['one long fraction', `0.${'9'.repeat(ROOM - 2)}`],
    ['long numbers', list(() => '9'.repeat(EACH))],
    ['long fractions', list(() => `0.${'7'.repeat(EACH - 2)}`)],
    ['exponents', list(() => `1${'0'.repeat(EACH - 4)}e-1`)],
    ['exponents without commas', `[${'1e1 '.repeat((ROOM - 2) / 4)}]`],
    ['long texts', list(() => `"${'x'.repeat(EACH - 2)}"`)],
    ['texts of escapes', list(() => `"${String.raw`\n`.repeat(EACH / 2 - 1)}"`)],
    ['long keys', object(n => `k${n}`.padEnd(EACH - 4, 'x'))],
    ['escaped keys', object(n => String.raw`\u0078`.repeat(EACH / 6 - 2) + n)],
    ['keys with halves of emoji', object(n => String.raw`\ud83d${n}`.padEnd(EACH - 4, 'x'))],
    ['keys that are numbers', object(n => `${4_294_967_290 - n * 7_919}`)],
    ['one long escaped key', `{"${String.raw`\u0041`.repeat((ROOM - 6) / 6)}":1}`],
    ['32 levels, often', list(() => '['.repeat(29) + ']'.repeat(29), VALUES / 30)],
    ['small objects', list(() => '{"a":1}', VALUES / 2)],
    ['no JSON: colons', ':'.repeat(ROOM)],
    ['no JSON: texts without commas', '""'.repeat(ROOM / 2)],
    ['no JSON: dashes', '- '.repeat(ROOM / 2)],
  ]
  const nested = ['['.repeat(MAX_BODY_BYTES / 2) + ']'.repeat(MAX_BODY_BYTES / 2), '[0,'.repeat(MAX_BODY_BYTES / 3)]
  return [
    ...filled.map(([name, metadata]) => ({ name, body: BEFORE + metadata + AFTER })),
    ...nested.map((body, n) => ({ name: `no event: deep, ${n + 1}`, body })),
  ]
}

function text(unit: string, bytes = unit.length): string {
  return `"${unit.repeat((ROOM - 2) / bytes)}"`
}

function list(value: (n: number) => string, length = VALUES): string {
  return `[${Array.from({ length }, (_, n) => value(n)).join()}]`
}

function object(key: (n: number) => string): string {
  return `{${Array.from({ length: VALUES }, (_, n) => `"${key(n)}":1`).join()}}`
}
