import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ingressConfig } from '../src/config.ts'
import { parseDocument } from '../src/secrets/document.ts'
import { MAX_SECRETS } from '../src/secrets/rules.ts'
import { runningApp } from './running-app.ts'

const text = readFileSync(new URL('../../../docs/operations/secrets.md', import.meta.url), 'utf8')

test('the secrets file that the operators read of is one', () => {
  const [, example = ''] = /```json\n([^]*?)```/.exec(text) ?? []
  expect(parseDocument(example, 'the example')).toMatchObject({ ok: true })
  expect(MAX_SECRETS).toBe(5)
})

test('the variables and metrics that they read of are there', async () => {
  const variables = [...text.matchAll(/\b[A-Z_]+_SECRET[A-Z_]*\b/g)].map(([name]) => name)
  expect(variables.filter(name => !Object.hasOwn(ingressConfig.properties, name))).toEqual([])
  const ingress = await runningApp(async () => undefined)
  const metrics = [...text.matchAll(/\bhookline_[a-z_]+/g)].map(([name]) => name)
  const there = await ingress.names()
  await ingress.app.close()
  expect(metrics.length).toBeGreaterThan(4)
  // this one comes with the reloading
  expect(metrics.filter(name => !there.includes(name) && name !== 'hookline_secrets_valid')).toEqual([])
})
