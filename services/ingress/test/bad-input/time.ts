import { answered } from './row.ts'
import type { BadInput } from './row.ts'
import { post } from './senders.ts'
import type { Sender } from './senders.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const YEAR_MS = 365 * 24 * HOUR_MS

const NEVER_ONE_INSTANT = [
  undefined,
  null,
  '',
  {},
  [],
  true,
  1_772_359_200,
  1_772_359_200_000,
  '1772359200',
  '1772359200000',
  '2026-03-01',
  '2026-03-01T10:00Z',
  '2026-03-01T10:00:00',
  '2026-03-01 10:00:00Z',
  '2026-03-01t10:00:00z',
  ' 2026-03-01T10:00:00Z',
  '2026-03-01T10:00:00Z\n',
  '2026-03-01T10:00:00,5Z',
  '2026-03-01T10:00:00+3',
  '2026-03-01T10:00:00+14:01',
  '2026-03-01T10:00:00-12:01',
  '2026-03-01T10:00:60Z',
  '2016-12-31T23:59:60Z',
  '2026-03-01T24:00:00Z',
  '2026-02-30T10:00:00Z',
  '2025-02-29T10:00:00Z',
  '2026-13-01T10:00:00Z',
  '2026-00-01T10:00:00Z',
  '2026-W09-7T10:00:00Z',
  '0000-01-01T00:00:00Z',
  '1970-01-01T00:00:00Z',
  '1999-12-31T23:59:59Z',
  '9999-12-31T23:59:59Z',
  '+010000-01-01T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '٢٠٢٦-03-01T10:00:00Z',
  'Sun, 01 Mar 2026 10:00:00 GMT',
  'now',
]

/** `now`: milliseconds since 1970, not before our clock. */
export function time(sender: Sender, now: number): BadInput[] {
  const impossible = answered(422, 'invalid_time', sender.source)
  const ahead = [5 * MINUTE_MS + SECOND_MS, HOUR_MS, YEAR_MS].map(ms => new Date(now + ms).toISOString())
  return [...NEVER_ONE_INSTANT, ...ahead].map(value =>
    impossible(
      `time ${JSON.stringify(value) ?? 'missing'}`,
      post(sender, { body: sender.body({ [sender.fields.time]: value }) }),
    ),
  )
}
