import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readConfig, requireBrokers, requireMongodbUri, servicesAsked } from '../src/config.ts'

const STACK = {
  kafka: '127.0.0.1:9092',
  mongodb: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  services: { ingress: [], loyalty: [], 'erp-sync': [] },
}
const TOPICS = `
defaults: { partitions: 6, replication_factor: 3 }
topics:
  - name: points.webhook
  - name: wms.dead
  - name: gift-cards.dead
`

/** A directory with a topics' file. */
function besideTopics(text = TOPICS): { cwd: string; file: string } {
  const cwd = mkdtempSync(join(tmpdir(), 'hookline-cli-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  const file = join(cwd, 'infra', 'topics.yaml')
  mkdirSync(join(cwd, 'infra'))
  writeFileSync(file, text)
  return { cwd, file }
}

/** A directory two levels below one in which a local stack runs. */
function besideStack(text = JSON.stringify(STACK)): { cwd: string; file: string } {
  const root = mkdtempSync(join(tmpdir(), 'hookline-cli-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const file = join(root, '.hookline', 'stack.json')
  const cwd = join(root, 'a', 'b')
  mkdirSync(cwd, { recursive: true })
  mkdirSync(join(root, '.hookline'))
  writeFileSync(file, text)
  return { cwd, file }
}

it('a local stack above the directory is found and taken', () => {
  const { cwd, file } = besideStack()
  expect(readConfig({}, cwd)).toMatchObject({
    stackFile: file,
    brokers: [STACK.kafka],
    mongodbUri: STACK.mongodb,
    services: ['loyalty', 'erp-sync'],
  })
})

it("a local stack's own secrets are taken, and no others", () => {
  const sources = { points: { url: 'http://a', secret: 'of-the-stack' }, hc: {} }
  const { cwd } = besideStack(JSON.stringify({ ...STACK, sources }))
  const others = { HC_WEBHOOK_SECRET: 'elsewhere', WEBHOOK_SECRETS_PATH: '/elsewhere' }
  const { webhooks } = readConfig(others, cwd)
  expect(webhooks).toEqual({ path: undefined, values: { POINTS_WEBHOOK_SECRET: 'of-the-stack' } })
})

it("without a local stack the senders' secrets are where the ingress has them", () => {
  const env = { POINTS_WEBHOOK_SECRET: 'a', HC_WEBHOOK_SECRETS: '[]', HC_STORE_ID: 's', WEBHOOK_SECRETS_PATH: '/f' }
  const { path, values } = readConfig({ KAFKA_BROKERS: 'a:1', ...env }, '/').webhooks
  expect(path).toBe('/f')
  expect(values).toMatchObject({ POINTS_WEBHOOK_SECRET: 'a', HC_WEBHOOK_SECRETS: '[]', HC_STORE_ID: 's' })
})

it('without a local stack the services are those with a dead-letter topic', () => {
  const { cwd } = besideTopics()
  expect(readConfig({ KAFKA_BROKERS: 'a:1', MONGODB_URI: 'mongodb://a' }, cwd).services).toEqual(['wms', 'gift-cards'])
})

it("a topics' file that is wrong is named", () => {
  const { cwd, file } = besideTopics('topics: 5')
  expect(() => readConfig({ KAFKA_BROKERS: 'a:1', MONGODB_URI: 'mongodb://a' }, cwd)).toThrow(
    `${file}: topics must be a list of topics`,
  )
})

it('where no service is known it says how to name them', () => {
  const config = { ...readConfig({ KAFKA_BROKERS: 'a:1', MONGODB_URI: 'mongodb://a' }, '/'), services: [] }
  expect(() => servicesAsked(config)).toThrow('with HOOKLINE_SERVICES')
})

it('an environment that names the very stack does not stand in its way', () => {
  const { cwd, file } = besideStack()
  expect(readConfig({ KAFKA_BROKERS: STACK.kafka, MONGODB_URI: '' }, cwd)).toMatchObject({
    stackFile: file,
    mongodbUri: STACK.mongodb,
  })
})

it("an environment that names another Kafka is taken as a whole: no stack's MongoDB beside it", () => {
  const { cwd, file } = besideStack()
  const config = readConfig({ KAFKA_BROKERS: 'a:1, b:2', KAFKA_SECURITY_PROTOCOL: 'SSL' }, cwd)
  expect(config).toMatchObject({ stackFile: undefined, brokers: ['a:1', 'b:2'], mongodbUri: undefined })
  expect(config.security()).toEqual({ tls: {} })
  expect(() => requireMongodbUri(config)).toThrow(`MONGODB_URI is not set, and KAFKA_BROKERS names something else`)
  expect(() => requireMongodbUri(config)).toThrow(file)
})

it('a login to Kafka is that of the services, and what is wrong with it is said without its secret', () => {
  const login = { KAFKA_SECURITY_PROTOCOL: 'SASL_SSL', KAFKA_SASL_MECHANISM: 'PLAIN', KAFKA_SASL_PASSWORD: 'hidden' }
  const { security } = readConfig({ KAFKA_BROKERS: 'a:1', ...login, KAFKA_SASL_USERNAME: 'operator' }, '/')
  expect(security().login).toMatchObject({ mechanism: 'PLAIN', username: 'operator' })
  const incomplete = readConfig({ KAFKA_BROKERS: 'a:1', ...login }, '/')
  expect(() => incomplete.security()).toThrow('KAFKA_SASL_USERNAME is not set, and PLAIN needs it')
  expect(() => incomplete.security()).not.toThrow('hidden')
})

it('a stack file that is broken is named, never quoted: it holds secrets', () => {
  const { cwd, file } = besideStack('{"secret":"whsec_hidden"')
  expect(() => readConfig({}, cwd)).toThrow(file)
  expect(() => readConfig({}, cwd)).not.toThrow('whsec_hidden')
})

it('what is not set is said with what to do', () => {
  const config = { ...readConfig({ KAFKA_BROKERS: 'a:1', MONGODB_URI: 'mongodb://a' }, '/'), mongodbUri: undefined }
  expect(() => requireMongodbUri(config)).toThrow('start the local stack (npx -y pnpm@12 start), or set MONGODB_URI')
  expect(() => requireBrokers({ ...config, brokers: [] })).toThrow('KAFKA_BROKERS is not set')
})

it('a MONGODB_URI of another kind is refused without being shown', () => {
  const config = readConfig({ MONGODB_URI: 'postgres://user:secret@host/db' }, '/')
  expect(() => requireMongodbUri(config)).toThrow('MONGODB_URI must begin with mongodb://')
  expect(() => requireMongodbUri(config)).not.toThrow('secret')
})

it('services come from HOOKLINE_SERVICES, and an unknown one is refused with those that there are', () => {
  const config = readConfig({ HOOKLINE_SERVICES: 'loyalty, erp-sync,loyalty', MONGODB_URI: 'mongodb://a' }, '/')
  expect(config.services).toEqual(['loyalty', 'erp-sync'])
  expect(servicesAsked(config, 'erp-sync')).toEqual(['erp-sync'])
  expect(() => servicesAsked(config, 'wms')).toThrow('There is no service "wms"; there are loyalty, erp-sync.')
  expect(() => readConfig({ HOOKLINE_SERVICES: 'a b' }, '/')).toThrow('HOOKLINE_SERVICES must be names')
})
