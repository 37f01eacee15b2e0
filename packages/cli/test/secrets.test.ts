import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { fingerprint, parseDocument, type SecretEntry } from '@hookline/ingress/secrets'
import { describe, expect, it, onTestFinished } from 'vitest'
import { secretsExpire } from '../src/secrets/expire.ts'
import { secretsFingerprints } from '../src/secrets/fingerprints.ts'
import { secretsList } from '../src/secrets/list.ts'
import { type RotateOptions, secretsRotate } from '../src/secrets/rotate.ts'
import { secretsWindow } from '../src/secrets/window.ts'
import { PLAIN } from './plain-look.ts'
import { hookline } from './process.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const NOW = Date.UTC(2026, 10, 22, 10)
const OLD = `whsec_${Buffer.alloc(32, 'an old one').toString('base64')}`

type SecretLists = Readonly<Record<string, readonly SecretEntry[]>>

async function secretsFile(document?: SecretLists | string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-cli-secrets-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'secrets.json')
  if (document !== undefined) await writeFile(file, typeof document === 'string' ? document : JSON.stringify(document))
  return file
}

async function read(file: string): Promise<SecretLists> {
  const parsed = parseDocument(await readFile(file, 'utf8'), file)
  if (!parsed.ok) throw new Error(parsed.problems.join('; '))
  return Object.fromEntries(Object.entries(parsed.value).map(([source, { secrets }]) => [source, secrets]))
}

function rotate(file: string, over: Partial<RotateOptions> = {}) {
  return secretsRotate({ file, source: 'points', overlapMs: DAY_MS, now: NOW, ...over })
}

const ONE: SecretLists = { points: [{ id: 'first', secret: OLD }] }
const BESIDE = { hc: [{ id: 'untouched', secret: OLD, not_after: '2027-01-01T00:00:00Z' }] }

describe('rotate', () => {
  it('makes a secret that is valid at once, shows it once, and ends the old one after the overlap', async () => {
    const file = await secretsFile({ ...ONE, ...BESIDE })
    const { document, text: told } = await rotate(file)
    const { points, ...others } = await read(file)
    const made = points?.[1]?.secret ?? ''
    expect(made).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(points).toEqual([
      { id: 'first', secret: OLD, not_after: '2026-11-23T10:00:00.000Z' },
      { id: '2026-11-22', secret: made, not_before: '2026-11-22T10:00:00.000Z' },
    ])
    expect(others).toEqual(BESIDE)
    expect(document).toMatchObject({ source: 'points', id: '2026-11-22', secret: made, fingerprint: fingerprint(made) })
    expect(told(PLAIN).split(made)).toHaveLength(2)
    expect(told(PLAIN)).toContain('Valid beside it: first until 2026-11-23 10:00:00 UTC (in 24 h).')
    expect(JSON.stringify(document) + told(PLAIN)).not.toContain(OLD)
  })

  it('makes the file where there is none, for its owner alone', async () => {
    const file = await secretsFile()
    await rotate(file)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await read(file))['points']).toHaveLength(1)
    await chmod(file, 0o644)
    await rotate(file)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it('takes a free id for the day, or the one that is given', async () => {
    const file = await secretsFile()
    await rotate(file)
    await rotate(file)
    await rotate(file, { id: 'for-launch' })
    expect((await read(file))['points']?.map(({ id }) => id)).toEqual(['2026-11-22', '2026-11-22-2', 'for-launch'])
  })

  it('takes the secret that a sender gave, and does not show it', async () => {
    const file = await secretsFile(ONE)
    const given = 'pts-4f9a2c71d0e84b6f9c35ab'
    const { document, text: told } = await rotate(file, { given })
    expect((await read(file))['points']?.[1]?.secret).toBe(given)
    expect(JSON.stringify(document) + told(PLAIN)).not.toContain(given)
  })

  it('never makes an end later, and leaves what is planned', async () => {
    const soon = { id: 'soon-over', secret: OLD, not_after: '2026-11-22T11:00:00Z' }
    const planned = { id: 'planned', secret: `${OLD.slice(0, -1)}A=`, not_before: '2026-12-01T00:00:00Z' }
    const file = await secretsFile({ points: [soon, planned] })
    await rotate(file)
    expect((await read(file))['points']?.slice(0, 2)).toEqual([soon, planned])
  })

  it('drops what was over for 30 days, and the oldest that is over where there are too many', async () => {
    const over = (n: number, not_after: string) => ({ id: `over-${n}`, secret: `${OLD}${n}`, not_after })
    const file = await secretsFile({
      points: [
        over(1, '2026-10-01T00:00:00Z'),
        over(3, '2026-11-03T00:00:00Z'),
        over(2, '2026-11-02T00:00:00Z'),
        over(4, '2026-11-04T00:00:00Z'),
        over(5, '2026-11-05T00:00:00Z'),
        { id: 'valid', secret: OLD },
      ],
    })
    await rotate(file)
    const ids = (await read(file))['points']?.map(({ id }) => id)
    expect(ids).toEqual(['over-3', 'over-4', 'over-5', 'valid', '2026-11-22'])
  })

  const five = Array.from({ length: 5 }, (_, n) => ({ id: `s${n}`, secret: `${OLD}${n}` }))
  it.each<[string, SecretLists | string, Partial<RotateOptions>, RegExp]>([
    ['too many that are valid', { points: five }, {}, /^points has 6 secrets, more than 5\nNothing was changed\.$/],
    ['an id that is taken', ONE, { id: 'first' }, /^points has two secrets with the id first\n/],
    ['the secret that is there', ONE, { given: OLD }, /^secret 2026-11-22 of points is the same as secret first of/],
    ['a weak secret', ONE, { given: 'short' }, /^The new secret has 5 bytes, fewer than 24\. Nothing/],
    ['a line end in a secret', ONE, { given: `${OLD}1\n` }, /^The new secret begins or ends with white space\./],
    ['a source that is none', ONE, { source: 'pionts' }, /^There is no source "pionts"; there are points, hc\.$/],
    ['a file that is broken', '{"points":[{"id":"a","secret":"MARKER', {}, /is not one JSON object[^]*Nothing was ch/],
  ])('refuses %s, and leaves the file as it was', async (_name, document, over, sentence) => {
    const file = await secretsFile(document)
    const before = await readFile(file)
    const refusal: unknown = await rotate(file, over).catch((error: unknown) => error)
    expect(String(refusal).replace('Failure: ', '')).toMatch(sentence)
    expect(String(refusal)).not.toContain('MARKER')
    expect(await readFile(file)).toEqual(before)
    expect(await readdir(join(file, '..'))).toEqual(['secrets.json'])
  })

  it('changes the file that a link names, not the link', async () => {
    const file = await secretsFile(ONE)
    const link = join(file, '../link.json')
    await symlink('secrets.json', link)
    await rotate(link)
    expect((await read(file))['points']).toHaveLength(2)
    expect(await readFile(link)).toEqual(await readFile(file))
    expect(await readdir(join(file, '..'))).toEqual(['link.json', 'secrets.json'])
  })

  it('of many at once none is lost: each is in the file, or was refused', async () => {
    const file = await secretsFile()
    const done = await Promise.allSettled([1, 2, 3, 4, 5].map(n => rotate(file, { id: `n${n}` })))
    const made = done.flatMap(({ status }, n) => (status === 'fulfilled' ? [`n${n + 1}`] : []))
    expect((await read(file))['points']?.map(({ id }) => id).toSorted()).toEqual(made)
    expect(made.length).toBeGreaterThan(0)
    const refusals = done.flatMap(one => (one.status === 'rejected' ? [String(one.reason)] : []))
    expect(refusals.filter(text => !text.includes('Another command is changing'))).toEqual([])
  })
})

describe('expire', () => {
  const expire = (file: string, id: string, now = NOW) => secretsExpire({ file, source: 'points', id, now })

  it('ends one secret now', async () => {
    const file = await secretsFile({ points: [...(ONE['points'] ?? []), { id: 'second', secret: `${OLD}2` }] })
    const { document } = await expire(file, 'first')
    expect((await read(file))['points']?.[0]).toEqual({
      id: 'first',
      secret: OLD,
      not_after: '2026-11-22T10:00:00.000Z',
    })
    expect(document).toEqual({ file, source: 'points', id: 'first', valid: ['second'] })
  })

  it('takes out what is planned and never began', async () => {
    const planned = { id: 'planned', secret: `${OLD}2`, not_before: '2026-12-01T00:00:00Z' }
    const file = await secretsFile({ points: [...(ONE['points'] ?? []), planned] })
    await expire(file, 'planned')
    expect(await read(file)).toEqual(ONE)
  })

  it('of what was made in the same millisecond leaves a file that can be read', async () => {
    const file = await secretsFile(ONE)
    await rotate(file)
    await expire(file, '2026-11-22')
    expect((await read(file))['points']?.map(({ id }) => id)).toEqual(['first'])
  })

  const planned = { id: 'planned', secret: `${OLD}2`, not_before: '2026-12-01T00:00:00Z' }
  it.each([
    ['the only one', ONE, 'first', /^first is the only secret of points that is valid now/],
    [
      'the only valid one',
      { points: [...(ONE['points'] ?? []), planned] },
      'first',
      /^first is the only secret of points/,
    ],
    ['an id that is none', ONE, 'second', /^points has no secret "second"; it has first\.$/],
    [
      'what is over',
      { points: [{ id: 'a', secret: OLD, not_after: '2026-11-01T00:00:00Z' }] },
      'a',
      /^a is over since 2026-11-01T00:00:00Z\.$/,
    ],
  ])('refuses %s, and leaves the file as it was', async (_name, document, id, sentence) => {
    const file = await secretsFile(document)
    const refusal: unknown = await expire(file, id).catch((error: unknown) => error)
    expect(String(refusal).replace('Failure: ', '')).toMatch(sentence)
    expect(await read(file)).toEqual(document)
  })
})

describe('window', () => {
  const window = (file: string, forMs: number | undefined, now = NOW) =>
    secretsWindow({ file, source: 'points', forMs, now })
  const until = async (file: string) => {
    const parsed = parseDocument(await readFile(file, 'utf8'), file)
    return parsed.ok ? parsed.value['points']?.rotating_until : parsed.problems.join()
  }

  it('opens, moves its end, and ends, and changes nothing else of the file', async () => {
    const file = await secretsFile({ ...ONE, ...BESIDE })
    const before = JSON.stringify(await read(file))
    const opened = await window(file, HOUR_MS)
    expect(await until(file)).toBe('2026-11-22T11:00:00.000Z')
    expect(opened.text(PLAIN)).toContain(
      'The rotation window of points is open until 2026-11-22 11:00:00 UTC (in 60 min).',
    )
    await window(file, 2 * HOUR_MS)
    expect(await until(file)).toBe('2026-11-22T12:00:00.000Z')
    expect(JSON.stringify(await read(file))).toBe(before)
    expect((await window(file, undefined)).document).toMatchObject({ source: 'points', rotating_until: null })
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ ...ONE, ...BESIDE })
  })

  it('rotate and expire leave it, and rotate and list tell it while it is open', async () => {
    const file = await secretsFile(ONE)
    expect((await rotate(file)).text(PLAIN)).toContain(`hookline secrets window points --for 30m --file ${file}`)
    await window(file, HOUR_MS)
    const { document, text: told } = await rotate(file, { id: 'third' })
    expect(document).toMatchObject({ rotating_until: '2026-11-22T11:00:00.000Z' })
    expect(told(PLAIN)).toContain('The rotation window is open until 2026-11-22 11:00:00 UTC')
    await secretsExpire({ file, source: 'points', id: 'first', now: NOW })
    const open = await secretsList({ file, now: NOW })
    expect(open.document).toMatchObject({ rotating_until: { points: '2026-11-22T11:00:00.000Z' } })
    expect(open.text(PLAIN)).toContain('The rotation window of points is open until')
    const over = await secretsList({ file, now: NOW + HOUR_MS })
    expect(over.document).toMatchObject({ rotating_until: {} })
    expect(over.text(PLAIN)).not.toContain('rotation window')
  })

  it.each([
    ['an end where none is open', ONE, undefined, /^No rotation window of points is open\.$/],
    ['a source without a secret', BESIDE, HOUR_MS, /has no secret of points\. Make one first: hookline secrets rotate/],
  ])('refuses %s, and leaves the file as it was', async (_name, document, forMs, sentence) => {
    const file = await secretsFile(document)
    const refusal: unknown = await window(file, forMs).catch((error: unknown) => error)
    expect(String(refusal).replace('Failure: ', '')).toMatch(sentence)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(document)
  })
})

const MIXED: SecretLists = {
  points: [
    { id: 'first', secret: OLD, not_after: '2026-11-23T10:00:00Z' },
    { id: 'weak', secret: 'MARKER-short' },
  ],
  hc: [{ id: 'planned', secret: `${OLD}2`, not_before: '2026-12-01T00:00:00Z' }],
}

it('list tells ids, windows and fingerprints, never a secret, and no fingerprint of what can be guessed', async () => {
  const { document, text: told } = await secretsList({ file: await secretsFile(MIXED), now: NOW })
  expect(document).toMatchObject({
    sources: {
      points: [
        { id: 'first', standing: 'valid', not_before: null, fingerprint: fingerprint(OLD), weak: null },
        { id: 'weak', standing: 'valid', fingerprint: null, weak: 'has 12 bytes, fewer than 24' },
      ],
      hc: [{ id: 'planned', standing: 'not_yet_valid' }],
    },
  })
  expect(told(PLAIN)).toBe(
    [
      'SOURCE  ID       IS       FINGERPRINT',
      `points  first    valid    ${fingerprint(OLD)}`,
      '    to 2026-11-23 10:00:00 UTC (in 24 h)',
      'points  weak     valid    none',
      '    has 12 bytes, fewer than 24: production refuses it, and its fingerprint would tell too much',
      `hc      planned  planned  ${fingerprint(`${OLD}2`)}`,
      '    from 2026-12-01 00:00:00 UTC (in 9 d)',
    ].join('\n'),
  )
  expect(JSON.stringify(document) + told(PLAIN)).not.toMatch(/MARKER|whsec/)
})

it('fingerprint gives what PRODUCTION_SECRET_FINGERPRINTS takes, and says which secrets have none', async () => {
  const { document, text: told, problem } = await secretsFingerprints(await secretsFile(MIXED))
  expect(document).toMatchObject({ left_out: [{ source: 'points', id: 'weak' }] })
  expect(told(PLAIN)).toBe(`${fingerprint(OLD)},${fingerprint(`${OLD}2`)}`)
  expect(problem).toBe('weak of points has no fingerprint: it has 12 bytes, fewer than 24.')
})

describe('as a process', () => {
  it.each(['list', 'rotate', 'expire', 'window', 'fingerprint'])(
    'secrets %s --help has an example, at 80 columns',
    async name => {
      const { stdout, exitCode } = await hookline(['secrets', name, '--help'], {})
      expect(exitCode).toBe(0)
      expect(stdout).toContain(`  npx -y pnpm@12 hookline secrets ${name}`)
      expect(stdout).toContain('--json')
      expect(stdout.split('\n').filter(line => line.length > 80)).toEqual([])
    },
  )

  it('the secret is on stdout and nowhere else; --json has it in one field', async () => {
    const file = await secretsFile(ONE)
    const { stdout, stderr, exitCode } = await hookline(['secrets', 'rotate', 'points', '--file', file, '--json'], {})
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const { secret, id }: { secret: string; id: string } = JSON.parse(stdout)
    expect((await read(file))['points']?.[1]).toMatchObject({ id, secret })
  })

  it.each([
    [['rotate', 'points', '--overlap', 'soon'], 2, 'It must be minutes, hours or days, such as 30m, 24h, 7d.'],
    [['rotate', 'points', '--id', 'a b'], 2, 'It must be 1 to 32 letters'],
    [['window', 'points', '--for', '25h'], 2, 'It must be 24h or less.'],
    [['window', 'points'], 2, 'give either --for or --end'],
    [['expire', 'points', 'first'], 1, 'first is the only secret of points'],
    [['expire', 'nobody', 'first'], 2, 'There is no source "nobody"'],
  ])('%j ends with %d and a sentence', async (args, code, sentence) => {
    const file = await secretsFile(ONE)
    const { stdout, stderr, exitCode } = await hookline(['secrets', ...args, '--file', file], {})
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: code })
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain('    at ')
    expect(await read(file)).toEqual(ONE)
  })

  it('a file that is not there is exit code 2, and a fingerprint needs to know of what', async () => {
    const missing = await hookline(['secrets', 'list', '--file', '/nowhere/secrets.json'], {})
    expect(missing).toMatchObject({ exitCode: 2, stderr: '/nowhere/secrets.json cannot be read (ENOENT)\n' })
    const neither = await hookline(['secrets', 'fingerprint'], {})
    expect(neither.exitCode).toBe(2)
    expect(neither.stderr).toContain('give either --file or --stdin')
  })

  it('a secret can be piped in, its line end left off', async () => {
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
    const child = spawn(process.execPath, ['--conditions=source', main, 'secrets', 'fingerprint', '--stdin'])
    child.stdin.end(`${OLD}\n`)
    expect(await text(child.stdout)).toBe(`${fingerprint(OLD)}\n`)
  })
})
