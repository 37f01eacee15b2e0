import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { consumerConfig } from '../../service/src/consumer-config.ts'
import { sharedConfig } from '../../service/src/shared-config.ts'
import { serviceVariables } from '../../service/src/service-variables.ts'
import { ingressConfig } from '../../../services/ingress/src/config.ts'
import { secretProblem } from '../../../services/ingress/src/secret-rules.ts'
import { serviceDefinitions } from '../src/service-definitions.ts'

const text = readFileSync(join(import.meta.dirname, '../../../.env.example'), 'utf8')
const set = new Map([...text.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]))
const defaults = new Map(
  [...text.matchAll(/^# ([A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
)

const services = (await serviceDefinitions()).map(service => Type.Object(serviceVariables(service)))
const schemas = [sharedConfig, ingressConfig, consumerConfig, ...services]
const variables: [string, { default?: string | number }][] = schemas.flatMap(schema =>
  Object.entries(schema.properties),
)
const required = new Set<string>(schemas.flatMap(schema => schema.required))

test('.env.example names every variable of every service, with the default where it has one', () => {
  const wrong = variables.filter(([name, schema]) => {
    if (schema.default !== undefined) return defaults.get(name) !== String(schema.default)
    return !set.has(name) && (required.has(name) || defaults.get(name) !== '')
  })
  expect(wrong.map(([name]) => name)).toEqual([])
})

test('.env.example names no variable that no service reads', () => {
  const local = ['HOOKLINE_INFRA', 'HOOKLINE_TEST_CONTAINERS', 'MONGOMS_SYSTEM_BINARY']
  const known = new Set([...variables.map(([name]) => name), ...local])
  expect([...set.keys(), ...defaults.keys()].filter(name => !known.has(name))).toEqual([])
})

test('no production accepts the secrets of .env.example', () => {
  const secrets = [...set].filter(([name]) => name.endsWith('_SECRET'))
  expect(secrets).toHaveLength(2)
  expect(secrets.map(([, secret]) => secretProblem(secret))).not.toContain(undefined)
})
