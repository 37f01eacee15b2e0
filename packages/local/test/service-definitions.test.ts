import { expect, test } from 'vitest'
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

test.each([{ consumers: ['erp-sync', 'nobody'] }, { replicas: { nobody: 2 } }])(
  'a stack with a consumer that is not there is refused: %j',
  async options => {
    await expect(startStack({ ephemeral: true, ...options })).rejects.toThrow('There is no consumer "nobody"')
  },
)
