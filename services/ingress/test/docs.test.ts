import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ingressConfig } from '../src/config.ts'
import { parseDocument } from '../src/secrets/document.ts'
import { MAX_SECRETS } from '../src/secrets/rules.ts'
import { FAILURES } from '../src/verifiers/verifier.ts'
import { runningApp } from './running-app.ts'

const text = readFileSync(new URL('../../../docs/operations/secrets.md', import.meta.url), 'utf8')

test('the secrets files that the operators read of are some', () => {
  const examples = [...text.matchAll(/```json\n([^]*?)```/g)].map(([, example = '']) => example)
  expect(examples.length).toBe(2)
  for (const example of examples) expect(parseDocument(example, 'the example')).toMatchObject({ ok: true })
  expect(MAX_SECRETS).toBe(5)
})

test('the variables and metrics that they read of are there', async () => {
  const variables = [...text.matchAll(/\b[A-Z_]+_(?:SECRET|ROTATING)[A-Z_]*\b/g)].map(([name]) => name)
  expect(variables.filter(name => !Object.hasOwn(ingressConfig.properties, name))).toEqual([])
  const ingress = await runningApp(async () => undefined)
  const metrics = [...text.matchAll(/\bhookline_[a-z_]+/g)].map(([name]) => name)
  const there = await ingress.names()
  await ingress.app.close()
  expect(metrics.length).toBeGreaterThan(4)
  // these come with the reloading
  const reloaded = ['hookline_secrets_valid', 'hookline_secrets_rotating']
  expect(metrics.filter(name => !there.includes(name) && !reloaded.includes(name))).toEqual([])
})

test('what the page on the quarantine says of bounds, variables, metrics and reasons is so', async () => {
  const page = readFileSync(new URL('../../../docs/operations/quarantine.md', import.meta.url), 'utf8')
  expect(page).toMatch(/`QUARANTINE_MAX_RECORDS` +\| 10,000 /)
  expect(page).toMatch(/`QUARANTINE_MAX_BYTES` +\| 64 MiB /)
  expect(ingressConfig.properties).toMatchObject({
    QUARANTINE_MAX_RECORDS: { default: 10_000 },
    QUARANTINE_MAX_BYTES: { default: 64 * 1_048_576 },
  })
  for (const reason of FAILURES) expect(page).toContain(`\`${reason}\``)

  const ingress = await runningApp(async () => undefined)
  const there = await ingress.names()
  await ingress.app.close()
  const metrics = [...page.matchAll(/\bhookline_[a-z_]+/g)].map(([name]) => name)
  expect(metrics.length).toBeGreaterThan(2)
  expect(metrics.filter(name => !there.includes(name))).toEqual([])
})
