import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ingressConfig } from '../src/config.ts'
import {
  KEEP_ALIVE_MS,
  KEEP_ALIVE_SPARE_MS,
  MAX_BODY_BYTES,
  MAX_HEADER_BYTES,
  MAX_SENT_AHEAD,
  MAX_WAITING_CONNECTIONS,
  PUBLISH_TIMEOUT_MS,
  REQUEST_TIMEOUT_MS,
  TIMEOUT_CHECK_MS,
} from '../src/limits.ts'
import { HANDSHAKE_FAILURES } from '../src/tls/handshakes.ts'
import { runningApp } from './running-app.ts'

const page = readFileSync(new URL('../../../docs/operations/ingress.md', import.meta.url), 'utf8')

/** The cells of each row of a chapter's table. */
function rows(chapter: string): readonly (readonly string[])[] {
  const [text = ''] = page.split(`\n## ${chapter}\n`)[1]?.split('\n## ') ?? []
  const lines = text.split('\n').filter(line => line.startsWith('| '))
  return lines.map(line =>
    line
      .split('|')
      .map(cell => cell.trim())
      .slice(1, -1),
  )
}

test('the page names every variable of the ingress and no other, with its default', () => {
  const named = rows('Variables').flatMap(([names = '', fallback = '']) =>
    [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => [name, fallback.replaceAll('`', '')] as const),
  )
  const variables = Object.entries<object & { default?: string | number }>(ingressConfig.properties)
  const defined = variables.map(([name, { default: fallback = '' }]) => [name, String(fallback)] as const)
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(defined))
  expect(named).toHaveLength(defined.length)
})

test('the limits that it tells are those in force', () => {
  const told = Object.fromEntries(rows('Limits'))
  expect({ MAX_BODY_BYTES, MAX_HEADER_BYTES }).toEqual({ MAX_BODY_BYTES: 1_048_576, MAX_HEADER_BYTES: 16_384 })
  expect(told).toMatchObject({
    Body: expect.stringMatching(/^1 MiB/),
    'Header fields of a request, together': '16 KiB',
    'A request, from its first byte to its last': `${REQUEST_TIMEOUT_MS / 1_000} s, looked at every second`,
    'TLS handshake': `${REQUEST_TIMEOUT_MS / 1_000} s`,
    'Idle connection': `${KEEP_ALIVE_MS / 1_000} s, as clients are told, and ${KEEP_ALIVE_SPARE_MS / 1_000} s more`,
    'Connections that wait to be taken': expect.stringContaining(MAX_WAITING_CONNECTIONS.toLocaleString('en')),
    'Requests sent ahead on one connection': `${MAX_SENT_AHEAD} that are not answered`,
    Kafka: `${PUBLISH_TIMEOUT_MS / 1_000} s for a record`,
  })
  expect(TIMEOUT_CHECK_MS).toBe(1_000)
  const { MAX_CONNECTIONS, MAX_IN_FLIGHT, MAX_IN_FLIGHT_BYTES } = ingressConfig.properties
  expect([MAX_CONNECTIONS, MAX_IN_FLIGHT, MAX_IN_FLIGHT_BYTES]).toMatchObject([
    { default: 20_000 },
    { default: 5_000 },
    { default: 64 * 1_048_576 },
  ])
})

test('the metrics and reasons that it names are there', async () => {
  const ingress = await runningApp(async () => undefined)
  const there = await ingress.names()
  await ingress.app.close()
  const metrics = [...page.matchAll(/\bhookline_[a-z_]+/g)].map(([name]) => name)
  expect(metrics.length).toBeGreaterThan(7)
  // this one comes with TLS
  expect(metrics.filter(name => !there.includes(name) && name !== 'hookline_ingress_tls_certificate_days')).toEqual([])
  for (const reason of HANDSHAKE_FAILURES) expect(page).toContain(`\`${reason}\``)
})
