import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { consumerServices, serviceDefinitions } from '../src/service-definitions.ts'
import { startStack } from '../src/stack.ts'

test('the consumer services are those that depend on the kit, and nothing else in services/', () => {
  expect(consumerServices()).toEqual(expect.arrayContaining(['email', 'erp-sync', 'wms']))
  expect(consumerServices()).not.toContain('ingress')
})

test('a definition is what the service exports under its own name', async () => {
  const [erpSync, email] = await serviceDefinitions(['erp-sync', 'email'])
  expect([erpSync?.name, Object.keys(erpSync?.targets ?? {})]).toEqual(['erp-sync', ['erp']])
  expect([email?.name, Object.keys(email?.config ?? {})]).toEqual(['email', ['MAIL_LANGUAGE']])
})

test('a service without a definition is named, with what it must export', async () => {
  await expect(serviceDefinitions(['no-such'])).rejects.toThrow(
    "services/no-such/src/no-such.ts must export noSuch, made by defineConsumer with name 'no-such'",
  )
})

test.each([
  [
    'that throws',
    "throw new Error('no such table')",
    'services/broken/src/broken.ts cannot be loaded: Error: no such table',
  ],
  ['that exports something else', 'export const broken = 5', 'services/broken/src/broken.ts must export broken'],
  ['with another name', "export const broken = { name: 'whole', effects: [] }", "with name 'broken'"],
])('a definition %s is named with what is wrong', async (_, text, message) => {
  const services = await mkdtemp(join(tmpdir(), 'hookline-services-'))
  onTestFinished(() => rm(services, { recursive: true }))
  await mkdir(join(services, 'broken/src'), { recursive: true })
  await writeFile(join(services, 'broken/src/broken.ts'), text)
  await expect(serviceDefinitions(['broken'], services)).rejects.toThrow(message)
})

test.each([{ consumers: ['erp-sync', 'nobody'] }, { replicas: { nobody: 2 } }])(
  'a stack with a consumer that is not there is refused: %j',
  async options => {
    await expect(startStack({ ephemeral: true, ...options })).rejects.toThrow('There is no consumer "nobody"')
  },
)
