import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLog, createMetrics } from '@hookline/service'
import { describe, expect, test } from 'vitest'
import { keepLooking } from '../src/follow.ts'
import { ingressMetrics } from '../src/ingress-metrics.ts'
import { loadSecrets } from '../src/secrets/load.ts'
import type { SecretsConfig } from '../src/secrets/load.ts'
import { secretsReload } from '../src/secrets/reload.ts'
import { declaredSources } from '../src/sources/declared-sources.ts'
import { openSources } from '../src/sources/open-sources.ts'
import { mountedSecret, testFolder } from './mounted.ts'
import type { SecretLists } from './mounted.ts'
import { NOW } from './running-app.ts'
import { POINTS_HEADER, secretOf } from './schemes.ts'

const ONE: SecretLists = { points: [{ id: 'one', secret: secretOf(1) }] }
const BOTH: SecretLists = { points: [...(ONE['points'] ?? []), { id: 'two', secret: secretOf(2) }] }
const TWO: SecretLists = { points: [{ id: 'two', secret: secretOf(2) }] }

/** The secrets of `path` in force, as `main.ts` composes it. */
async function following(path: string, over: Partial<SecretsConfig> = {}) {
  const rules = { declared: declaredSources, production: true, productionFingerprints: new Set<string>() }
  const clock = { now: NOW }
  const load = () => loadSecrets({ path, values: {}, rules, ...over }, clock.now)
  const loaded = await load()
  if (!loaded.ok) throw new Error(loaded.problems.join('; '))
  const first = loaded.value
  const sources = openSources({ declared: declaredSources, secrets: first, values: {} })
  const lines: string[] = []
  const log = createLog({ service: 'ingress', level: 'debug', destination: { write: line => void lines.push(line) } })
  const registry = createMetrics()
  const metrics = ingressMetrics(registry, sources)
  const keyrings = new Map(sources.map(({ catalogue, keyring }) => [catalogue.source, keyring]))
  const { look } = secretsReload({ load, first, keyrings, log, metrics, now: () => clock.now })
  const verify = keyrings.get('points')?.verify
  return {
    look,
    clock,
    /** Which of the first three secrets get in. */
    valid: () =>
      [1, 2, 3].filter(seed => {
        const rawHeaders = [POINTS_HEADER, secretOf(seed)]
        return verify?.({ body: Buffer.alloc(0), rawHeaders, now: clock.now }).kind === 'verified'
      }),
    lines: () => lines.map((line): Record<string, unknown> => JSON.parse(line)),
    written: () => lines.join(''),
    metric: async (series: string) => {
      const text = await registry.registry.metrics()
      return text
        .split('\n')
        .find(line => line.startsWith(`${series} `))
        ?.slice(series.length + 1)
    },
  }
}

test('a secret that Kubernetes swaps into a mounted folder is in force with the next look', async () => {
  const { folder, mount } = await mountedSecret()
  await mount({ 'secrets.json': ONE })
  const secrets = await following(folder)
  expect(await secrets.look()).toBe('unchanged')
  expect(secrets.valid()).toEqual([1])
  for (const [document, valid] of [
    [BOTH, [1, 2]],
    [TWO, [2]],
    [ONE, [1]],
  ] as const) {
    await mount({ 'secrets.json': document })
    expect(await secrets.look()).toBe('changed')
    expect(secrets.valid()).toEqual(valid)
    expect(await secrets.look()).toBe('unchanged')
  }
})

test('a change that leaves size and times of a file as they were is seen', async () => {
  const file = join(await testFolder(), 'secrets.json')
  await writeFile(file, JSON.stringify(ONE))
  const secrets = await following(file)
  await writeFile(file, JSON.stringify({ points: [{ id: 'one', secret: secretOf(3) }] }))
  expect(await secrets.look()).toBe('changed')
  expect(secrets.valid()).toEqual([3])
})

test('the files of a folder are one set: a source may be in several, an id only in one', async () => {
  const { folder, mount } = await mountedSecret()
  await mount({ 'a.json': ONE, 'b.json': TWO, 'notes.txt': 'no secrets' })
  const secrets = await following(folder)
  expect(secrets.valid()).toEqual([1, 2])
  await mount({ 'a.json': ONE, 'b.json': ONE, 'notes.txt': 'no secrets' })
  expect(await secrets.look()).toBe('failed')
  expect(secrets.valid()).toEqual([1, 2])
})

describe('the last good secrets stay, it is counted and said once, when the file', () => {
  const weak = { points: [...(ONE['points'] ?? []), { id: 'weak', secret: 'MARKER-short' }] }
  const over = { points: [{ id: 'one', secret: secretOf(1), not_after: '2026-02-01T00:00:00Z' }] }
  const rows: [string, SecretLists | string | undefined, RegExp][] = [
    ['is gone', undefined, /^WEBHOOK_SECRETS_PATH cannot be read \(ENOENT\)$/],
    ['is empty', '', /^secrets.json is empty$/],
    ['is cut off', JSON.stringify(BOTH).slice(0, -9), /^secrets.json is not one JSON object/],
    ['has no secret any more', '{}', /^no source has a secret: WEBHOOK_SECRETS_PATH holds none$/],
    ['has a list without one', '{"points":[]}', /^secrets.json: points is not a JSON list/],
    ['has secrets of another source only', { hc: TWO['points'] ?? [] }, /^there is no secret of points any more$/],
    ['has none that is valid now', over, /^no secret of points is valid now$/],
    ['has a weak one in production', weak, /^secret weak of points has 12 bytes, fewer than 24/],
    [
      'has a window that is too long',
      JSON.stringify({ points: { rotating_until: '2026-03-03T10:00:00Z', secrets: ONE['points'] } }),
      /^the rotation window of points ends more than 24 h ahead$/,
    ],
    ['names a source that is none', { ...TWO, pionts: TWO['points'] ?? [] }, /^there are secrets for pionts, which is/],
  ]
  test.each(rows)('%s', async (_name, content, sentence) => {
    const file = join(await testFolder(), 'secrets.json')
    await writeFile(file, JSON.stringify(ONE))
    const secrets = await following(file)
    if (content === undefined) await rm(file)
    else await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
    expect([await secrets.look(), await secrets.look()]).toEqual(['failed', 'failed'])
    expect(secrets.valid()).toEqual([1])
    expect(await secrets.metric('hookline_secrets_reload_failures_total')).toBe('2')
    expect(secrets.lines()).toMatchObject([
      {
        level: 'error',
        msg: 'secrets not reloaded: the last good ones stay',
        problems: [expect.stringMatching(sentence)],
      },
    ])

    await writeFile(file, JSON.stringify(BOTH))
    expect(await secrets.look()).toBe('changed')
    expect(secrets.valid()).toEqual([1, 2])
    expect(
      secrets
        .lines()
        .map(({ msg }) => msg)
        .slice(1),
    ).toEqual(['secrets can be reloaded again', 'secrets reloaded'])
    expect(secrets.written()).not.toContain('MARKER')
    expect(secrets.written()).not.toContain(secretOf(1))
  })
})

test("a secret of production's is not taken while running either", async () => {
  const { fingerprint } = await import('../src/secrets/fingerprint.ts')
  const file = join(await testFolder(), 'secrets.json')
  await writeFile(file, JSON.stringify(ONE))
  const productionFingerprints = new Set([fingerprint(secretOf(2))])
  const secrets = await following(file, {
    rules: { declared: declaredSources, production: false, productionFingerprints },
  })
  await writeFile(file, JSON.stringify(BOTH))
  expect(await secrets.look()).toBe('failed')
  expect(secrets.valid()).toEqual([1])
})

test('a source has its secrets in one place', async () => {
  const file = join(await testFolder(), 'secrets.json')
  await writeFile(file, JSON.stringify(ONE))
  await expect(following(file, { values: { POINTS_WEBHOOK_SECRET: secretOf(2) } })).rejects.toThrow(
    'points has secrets in the environment and in WEBHOOK_SECRETS_PATH: unset POINTS_WEBHOOK_SECRET',
  )
})

test('secrets of a source that has no route are said to need a restart', async () => {
  const file = join(await testFolder(), 'secrets.json')
  await writeFile(file, JSON.stringify(ONE))
  const secrets = await following(file)
  await writeFile(file, JSON.stringify({ ...ONE, hc: TWO['points'] ?? [] }))
  expect(await secrets.look()).toBe('changed')
  expect(secrets.lines()).toMatchObject([
    { msg: 'secrets reloaded', ids: { points: ['one'], hc: ['two'] }, needs_restart: ['hc'] },
  ])
})

test('how many are valid follows the clock, without a reload', async () => {
  const file = join(await testFolder(), 'secrets.json')
  const [one] = ONE['points'] ?? []
  const planned = { id: 'two', secret: secretOf(2), not_before: '2026-03-01T11:00:00Z' }
  await writeFile(file, JSON.stringify({ points: [{ ...one, not_after: '2026-03-01T12:00:00Z' }, planned] }))
  const secrets = await following(file)
  const seen = []
  for (const hour of [10, 11, 12]) {
    secrets.clock.now = Date.UTC(2026, 2, 1, hour)
    seen.push([secrets.valid(), await secrets.metric('hookline_secrets_valid{source="points"}')])
  }
  expect(seen).toEqual([
    [[1], '1'],
    [[1, 2], '2'],
    [[2], '1'],
  ])
})

test('a rotation window is in force with the next look, counts for its source alone, and ends by itself', async () => {
  const file = join(await testFolder(), 'secrets.json')
  const hc = TWO['points'] ?? []
  await writeFile(file, JSON.stringify({ ...ONE, hc }))
  const secrets = await following(file)
  const open = async () =>
    Promise.all(['points', 'hc'].map(source => secrets.metric(`hookline_secrets_rotating{source="${source}"}`)))
  expect(await open()).toEqual(['0', '0'])
  await writeFile(
    file,
    JSON.stringify({ points: { rotating_until: '2026-03-01T10:30:00Z', secrets: ONE['points'] }, hc }),
  )
  expect(await secrets.look()).toBe('changed')
  expect(await open()).toEqual(['1', '0'])
  expect(secrets.lines()).toMatchObject([
    { msg: 'secrets reloaded', rotating_until: { points: '2026-03-01T10:30:00.000Z' } },
  ])
  expect(secrets.valid()).toEqual([1])
  secrets.clock.now = Date.UTC(2026, 2, 1, 10, 30)
  expect(await open()).toEqual(['0', '0'])
})

test('every secret has its series from the start, and ids beyond the bound share one', async () => {
  const file = join(await testFolder(), 'secrets.json')
  await writeFile(file, JSON.stringify(BOTH))
  const secrets = await following(file)
  const series = (id: string) => secrets.metric(`hookline_webhooks_verified_total{source="points",secret="${id}"}`)
  expect([await series('one'), await series('two'), await series('other')]).toEqual(['0', '0', undefined])
  for (let n = 0; n < 110; n++) {
    await writeFile(file, JSON.stringify({ points: [{ id: `id-${n}`, secret: secretOf(n) }] }))
    await secrets.look()
  }
  expect([await series('id-97'), await series('id-98'), await series('other')]).toEqual(['0', undefined, '0'])
})

test('one look is not begun before the last one ended, and none after it was stopped', async () => {
  let tick = () => {}
  let looks = 0
  const { promise, resolve } = Promise.withResolvers<'unchanged'>()
  const every = (run: () => void) => {
    tick = run
    return () => (tick = () => {})
  }
  const { stop } = keepLooking(() => (looks++, promise), { every, intervalMs: 5_000 })
  tick()
  tick()
  expect(looks).toBe(1)
  resolve('unchanged')
  await promise
  await expect.poll(() => (tick(), looks)).toBe(2)
  stop()
  const before = looks
  tick()
  expect(looks).toBe(before)
})
