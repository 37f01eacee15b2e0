import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLog, createMetrics } from '@hookline/service'
import { describe, expect, test } from 'vitest'
import { certificate } from '../../../packages/kafka/test/secure/certificates.ts'
import { connectionMetrics } from '../src/connection-metrics.ts'
import { readCertificate } from '../src/tls/certificate.ts'
import type { Certificate, TlsPaths } from '../src/tls/certificate.ts'
import { certificateReload } from '../src/tls/reload.ts'
import { testFolder } from './mounted.ts'
import { ca, clientCa, server, stranger } from './tls-identities.ts'

const DAY_MS = 86_400_000

/** The files of an endpoint in a folder of their own. */
async function files(over: Partial<Record<keyof TlsPaths, string>> = {}) {
  const folder = await testFolder()
  const paths = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key'), clientCa: join(folder, 'ca.crt') }
  const write = async (texts: Partial<Record<keyof TlsPaths, string>>) => {
    for (const [name, text] of Object.entries(texts)) await writeFile(paths[name as keyof TlsPaths], text)
  }
  await write({ cert: server.cert, key: server.key, clientCa: clientCa.cert, ...over })
  return { paths, write, load: (now = Date.now()) => readCertificate(paths, now) }
}

test('files that fit each other are taken, also with ended certificates of others among them', async () => {
  const ended = await certificate('ended', { ca, expired: true })
  const { load } = await files({ cert: `${server.cert}\n${ca.cert}\n${ended.cert}` })
  const loaded = await load()
  expect(loaded).toMatchObject({ ok: true, value: { key: server.key, clientCa: clientCa.cert } })
  const left = (loaded.ok ? loaded.value.notAfter : 0) - Date.now()
  expect(Math.abs(left - DAY_MS)).toBeLessThan(DAY_MS / 2)
})

describe('files that cannot be used are refused with a sentence, without a part of them:', () => {
  const encrypted = generateKeyPairSync('ed25519').privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  })
  const short = generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  const broken = server.cert.replace(/[A-Za-z0-9+/]{60}/, 'A'.repeat(60))

  test.each<[string, Partial<Record<keyof TlsPaths, string>>, RegExp]>([
    ['an empty certificate', { cert: '' }, /^TLS_CERT_PATH holds no certificate in PEM/],
    ['a key in its place', { cert: server.key }, /^TLS_CERT_PATH holds no certificate in PEM/],
    ['a broken certificate', { cert: broken }, /^TLS_CERT_PATH holds no certificate in PEM, or one that is broken/],
    ['an empty key', { key: '' }, /^TLS_KEY_PATH is not one private key/],
    ['a certificate in its place', { key: server.cert }, /^TLS_KEY_PATH is not one private key/],
    ['a key with a passphrase', { key: String(encrypted) }, /^TLS_KEY_PATH is not one private key/],
    ['the key of another', { key: stranger.key }, /^TLS_KEY_PATH is not the key of TLS_CERT_PATH's first/],
    ['a key too short for anything', { key: String(short) }, /^TLS_KEY_PATH is not the key/],
    ['a chain in the wrong order', { cert: `${ca.cert}\n${server.cert}` }, /first certificate, which must be/],
    ["no clients' CA", { clientCa: '' }, /^TLS_CLIENT_CA_PATH holds no certificate in PEM/],
    ["a clients' CA that is none", { clientCa: stranger.cert }, /^TLS_CLIENT_CA_PATH has a certificate that is no CA$/],
  ])('%s', async (_what, over, sentence) => {
    const { load } = await files(over)
    const loaded = await load()
    const problems = loaded.ok ? [] : loaded.problems
    expect(problems).toEqual([expect.stringMatching(sentence)])
    expect(problems.join()).not.toMatch(/MII|BEGIN|[/]tmp/)
  })

  test('a file that is not there', async () => {
    const { paths } = await files()
    expect(await readCertificate({ ...paths, key: '/nowhere/tls.key' }, Date.now())).toEqual({
      ok: false,
      problems: ['TLS_KEY_PATH cannot be read (ENOENT)'],
    })
  })

  test('a certificate that has ended, or not begun', async () => {
    const { load } = await files()
    const problems = async (now: number) => {
      const loaded = await load(now)
      return loaded.ok ? [] : loaded.problems
    }
    expect(await problems(Date.now() + 2 * DAY_MS)).toContainEqual(
      expect.stringMatching(/^TLS_CERT_PATH's certificate ended at 20\d\d-.*Z: renew it$/),
    )
    expect(await problems(Date.now() - 9_000 * DAY_MS)).toContainEqual(
      expect.stringMatching(/^TLS_CERT_PATH's certificate begins only at 20/),
    )
    expect(await problems(Date.now() + 9_000 * DAY_MS)).toContain('every CA of TLS_CLIENT_CA_PATH has ended')
  })
})

test('a certificate is followed; while its files do not fit each other the last good one stays, said once', async () => {
  const { load, write } = await files()
  const first = await load()
  if (!first.ok) throw new Error(first.problems.join('; '))
  const clock = { now: Date.now() }
  const lines: string[] = []
  const log = createLog({ service: 'ingress', level: 'info', destination: { write: line => void lines.push(line) } })
  const metrics = createMetrics()
  const replaced: Certificate[] = []
  const { look } = certificateReload({
    load: () => load(clock.now),
    first: first.value,
    replace: one => void replaced.push(one),
    log,
    metrics: connectionMetrics(metrics),
    now: () => clock.now,
  })
  const value = async (name: string) => (await metrics.registry.getSingleMetric(name)?.get())?.values[0]?.value
  expect(await value('hookline_ingress_tls_certificate_days')).toBeCloseTo(1, 1)

  const next = await certificate('next', { ca })
  expect(await look()).toBe('unchanged')
  await write({ cert: next.cert })
  expect([await look(), await look()]).toEqual(['failed', 'failed'])
  expect(await value('hookline_ingress_tls_certificate_reload_failures_total')).toBe(2)
  expect(replaced).toEqual([])
  await write({ key: next.key })
  expect(await look()).toBe('changed')
  expect(replaced).toMatchObject([{ cert: next.cert, key: next.key }])
  expect(await look()).toBe('unchanged')
  clock.now += 2 * DAY_MS
  expect(await value('hookline_ingress_tls_certificate_days')).toBeCloseTo(-1, 1)

  const said = lines.map((line): Record<string, unknown> => JSON.parse(line))
  expect(said).toMatchObject([
    { level: 'error', msg: 'certificate not reloaded: the last good one stays' },
    { level: 'info', msg: 'the certificate can be reloaded again' },
    { level: 'info', msg: 'certificate reloaded', not_after: expect.stringMatching(/^20\d\d-/) },
  ])
})
