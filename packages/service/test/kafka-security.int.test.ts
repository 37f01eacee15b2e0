import { join } from 'node:path'
import {
  applyTopics,
  deadLetters,
  kafkaRefusal,
  listLetters,
  publisher,
  readRecords,
  recordSource,
  topicReaders,
} from '@hookline/kafka'
import type { SecurityValues } from '@hookline/kafka'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { lag } from '../../cli/src/commands/lag.ts'
import { topicsApply } from '../../cli/src/commands/topics-apply.ts'
import { topicsCheck } from '../../cli/src/commands/topics-check.ts'
import { readConfig } from '../../cli/src/config.ts'
import { allow, disallow, permissions } from '../../kafka/test/secure/acls.ts'
import { secureBroker, type SecureBroker } from '../../kafka/test/secure/broker.ts'
import { clientOf, notingLog, traffic } from '../../kafka/test/secure/secured.ts'
import { startFixture } from './service-process.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')
const PASSWORD = 'right-password-shows-nowhere'
const SOURCES = ['points.webhook', 'hc.webhook']
const users = ['ingress', 'erp-sync', 'operator', 'nobody']
const { log } = notingLog()
let broker: SecureBroker
let caFile: string

const loginOf = (user: string): SecurityValues & Record<string, string> => ({
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SSL_CA_FILE: caFile,
  KAFKA_SASL_MECHANISM: 'PLAIN',
  KAFKA_SASL_USERNAME: user,
  KAFKA_SASL_PASSWORD: PASSWORD,
})
const clientAs = (user: string) => clientOf(broker.login, log, loginOf(user))
const cliAs = (user: string) =>
  readConfig({ KAFKA_BROKERS: broker.login, KAFKA_REPLICATION_MIN: '1', ...loginOf(user) }, REPOSITORY)
const service = (env: Record<string, string>) =>
  startFixture('publishing', {
    KAFKA_BROKERS: broker.login,
    KAFKA_REPLICATION_MIN: '1',
    TOPIC: 'points.webhook',
    ...env,
  })

beforeAll(async () => {
  broker = await secureBroker(Object.fromEntries(users.map(name => [name, PASSWORD])))
  caFile = await broker.file('trusted.pem', broker.ca.cert)
  await allow(broker.open, permissions())
  // with nothing but the operator's own permissions
  await topicsApply(cliAs('operator'), { profile: 'local' })
})
afterAll(() => broker.close())

describe('with the permissions of infra/acls.yaml and no others', () => {
  it.concurrent('the operator finds the topics as they must be and every group, grows a topic and changes its settings', async () => {
    expect((await topicsCheck(cliAs('operator'), { profile: 'local' })).problem).toBeUndefined()
    expect((await lag(cliAs('operator'), {})).document).toHaveProperty('services.erp-sync')
    expect(await topicReaders(clientAs('operator'), 'hc.webhook', ['email'])).toContainEqual(
      expect.objectContaining({ groupId: 'email' }),
    )
    const name = 'webhook.rejected'
    const steps = await applyTopics(clientAs('operator'), [
      { name, partitions: 8, replicationFactor: 1, config: { 'retention.ms': '3600000' } },
    ])
    expect(steps.map(({ kind }) => kind).toSorted()).toEqual(['add_partitions', 'set_config'])
  })

  it.concurrent('a service starts and publishes', async () => {
    const ingress = service(loginOf('ingress'))
    await ingress.line('ready')
    ingress.child.kill('SIGTERM')
    expect((await ingress.ended).code).toBe(0)
  })

  it.concurrent('a consumer reads both sources in its group, and puts away what it cannot read, which the operator sees', async () => {
    const client = clientAs('erp-sync')
    await using kafka = { ...publisher({ client }), [Symbol.asyncDispose]: () => kafka.close() }
    const source = recordSource({ client, groupId: 'erp-sync', topics: SOURCES, sessionTimeoutMs: 6_000 })
    await using _ = { [Symbol.asyncDispose]: () => source.close() }
    const run = source.run(() => Promise.resolve())
    await Promise.race([source.ready, run])
    expect(source.progress().partitions).toBe(12)
    const record = { topic: 'hc.webhook', partition: 0, offset: '0', key: null, value: null }
    const letters = deadLetters({ publisher: kafka, topic: 'erp-sync.dead' })
    await letters.send([{ record, reason: 'unreadable', message: 'no JSON' }])
    expect((await listLetters(clientAs('operator'), 'erp-sync.dead', { limit: 1 })).total).toBe(1)
  })

  it.concurrent('the operator reads what is in quarantine, and writes it to its source', async () => {
    const client = clientAs('operator')
    await using kafka = { ...publisher({ client }), [Symbol.asyncDispose]: () => kafka.close() }
    const record = { key: 'order', value: Buffer.from('{}') }
    for (const topic of ['webhook.rejected', ...SOURCES]) await kafka.publish(topic, record, { timeoutMs: 20_000 })
    const values: string[] = []
    await readRecords(client, 'webhook.rejected', { each: ({ value }) => values.push(String(value)) })
    expect(values).toEqual(['{}'])
  })

  it.concurrent('a user without permissions is refused, with where they stand', async () => {
    const { code, lines } = await service(loginOf('nobody')).ended
    const [problem] = [lines.find(({ msg }) => msg === 'not starting')?.['problems']].flat()
    expect([code, problem]).toEqual([1, expect.stringMatching(/^Kafka does not allow.*infra\/acls\.yaml/)])
    await expect(topicsCheck(cliAs('nobody'), { profile: 'local' })).rejects.toThrow('infra/acls.yaml')
  })

  it.concurrent('a consumer gets no records in the group of another', async () => {
    const source = recordSource({ client: clientAs('erp-sync'), groupId: 'email', topics: SOURCES })
    await expect(source.run(() => Promise.resolve())).rejects.toThrow(/does not allow this user the group.*acls\.yaml/)
  })

  it.concurrent('a consumer publishes no event', async () => {
    const kafka = publisher({ client: clientAs('erp-sync') })
    await using _ = { [Symbol.asyncDispose]: () => kafka.close() }
    const published = kafka.publish('points.webhook', { key: 'order', value: null }, { timeoutMs: 20_000 })
    const error: unknown = await published.catch((why: unknown) => why)
    expect(error).toMatchObject({ code: 'kafka_unavailable' })
    expect(kafkaRefusal(error)?.sentence).toContain('infra/acls.yaml')
  })
})

it.concurrent('a permission that is taken away while it runs stops a consumer and says so; given back, it goes on', async () => {
  const permission = { user: 'ingress', type: 'topic', name: 'test.', pattern: 'prefix', operation: 'All' } as const
  await allow(broker.open, [permission, { ...permission, type: 'group' }])
  const name = 'test.revoked'
  await applyTopics(clientOf(broker.open, log, {}), [{ name, partitions: 1, replicationFactor: 1, config: {} }])
  await using running = traffic(clientAs('ingress'), name, { silenceMs: 2_500 })
  await running.roundTrip('before')
  await disallow(broker.open, permission)
  const { progress } = running.source
  await vi.waitUntil(() => progress().blocked !== undefined, { timeout: 30_000, interval: 20 })
  expect(progress().blocked).toMatch(/Kafka does not allow.*infra\/acls\.yaml/)
  await allow(broker.open, [permission])
  expect(await running.roundTrip('after')).toContain('after')
  expect(progress()).toMatchObject({ joined: true, blocked: undefined })
})

describe('a service does not start', () => {
  it.concurrent.each<[string, Record<string, string>, RegExp]>([
    ['with a wrong password', { KAFKA_SASL_PASSWORD: 'wrong-password-shows-nowhere' }, /KAFKA_SASL_PASSWORD/],
    ['where it trusts no CA of the brokers', { KAFKA_SSL_CA_FILE: '' }, /KAFKA_SSL_CA_FILE/],
    [
      'with a file that is not there',
      { KAFKA_SSL_CA_FILE: '/nowhere' },
      /^the file of KAFKA_SSL_CA_FILE cannot be read/,
    ],
  ])('%s: one sentence says what to look at, and no value is shown', async (_what, over, sentence) => {
    const { code, lines, errors } = await service({ ...loginOf('ingress'), ...over }).ended
    const refusal = lines.find(({ msg }) => msg === 'not starting')
    expect([code, refusal?.['problems']]).toEqual([1, [expect.stringMatching(sentence)]])
    expect(JSON.stringify(lines) + errors).not.toMatch(/shows-nowhere|nowhere/)
  })
})
