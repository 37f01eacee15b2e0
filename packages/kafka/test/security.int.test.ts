import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { applyTopics, clusterReady, kafkaClient, kafkaRefusal, KafkaUnavailable } from '../src/index.ts'
import type { KafkaRefusal, SecurityValues } from '../src/index.ts'
import { secureBroker, type SecureBroker } from './secure/broker.ts'
import { authority, type Certificate, certificate } from './secure/certificates.ts'
import { removeScramUser, setScramUser } from './secure/scram-users.ts'
import { asAdmin, clientOf, notingLog, traffic } from './secure/secured.ts'

const PASSWORD = 'right-password-shows-nowhere'
const WRONG = 'wrong-password-shows-nowhere'
const NEW = 'new-password-shows-nowhere'
const { log, lines } = notingLog()
const CLIENTS = ['tester', 'short-lived', 'waiting', 'elsewhere']
let broker: SecureBroker
let caFile: string
let own: Certificate

beforeAll(async () => {
  broker = await secureBroker(Object.fromEntries(CLIENTS.map(name => [name, PASSWORD])))
  caFile = await broker.file('trusted.pem', broker.ca.cert)
  own = await certificate('tester', { ca: broker.ca })
  await setScramUser(broker.open, 'tester', 'SCRAM-SHA-256', PASSWORD)
  await setScramUser(broker.open, 'tester', 'SCRAM-SHA-512', PASSWORD)
  await setScramUser(broker.open, 'revoked', 'SCRAM-SHA-512', PASSWORD)
  await setScramUser(broker.open, 'replaced', 'SCRAM-SHA-512', PASSWORD)
  const { AclResourceTypes, AclOperationTypes, AclPermissionTypes, ResourcePatternTypes } = kafkajs
  const types = [AclResourceTypes.TOPIC, AclResourceTypes.GROUP]
  const acl = [...CLIENTS, 'revoked', 'replaced'].flatMap(name =>
    types.map(resourceType => ({
      resourceType,
      resourceName: 'test.',
      resourcePatternType: ResourcePatternTypes.PREFIXED,
      principal: `User:${name}`,
      host: '*',
      operation: AclOperationTypes.ALL,
      permissionType: AclPermissionTypes.ALLOW,
    })),
  )
  await asAdmin(broker.open, admin => admin.createAcls({ acl }))
})

afterAll(async () => {
  await broker.close()
})

async function newTopic(): Promise<string> {
  const name = `test.${randomUUID()}`
  const open = kafkaClient({ brokers: [broker.open], clientId: 'hookline-test', log })
  await applyTopics(open, [{ name, partitions: 1, replicationFactor: 1, config: {} }])
  return name
}

const loginWith = (mechanism: string, password = PASSWORD): SecurityValues => ({
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SSL_CA_FILE: caFile,
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: 'tester',
  KAFKA_SASL_PASSWORD: password,
})

const tokenOf = (client: string, secret = PASSWORD): SecurityValues => ({
  KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
  KAFKA_SSL_CA_FILE: caFile,
  KAFKA_SASL_MECHANISM: 'OAUTHBEARER',
  KAFKA_SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL: broker.idp.tokenUrl,
  KAFKA_SASL_OAUTHBEARER_CLIENT_ID: client,
  KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET: secret,
})

const withCertificate = async ({ cert, key }: Certificate): Promise<SecurityValues> => ({
  KAFKA_SECURITY_PROTOCOL: 'SSL',
  KAFKA_SSL_CA_FILE: caFile,
  KAFKA_SSL_CERT_FILE: await broker.file(`${randomUUID()}.cert`, cert),
  KAFKA_SSL_KEY_FILE: await broker.file(`${randomUUID()}.key`, key),
})

const clear = (): SecurityValues => ({
  ...loginWith('PLAIN'),
  KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
  KAFKA_SSL_CA_FILE: '',
})

type Listener = 'mtls' | 'login' | 'clear'
type Case = [name: string, listener: Listener, values: () => SecurityValues | Promise<SecurityValues>]

describe('records are published and consumed', () => {
  it.concurrent.each<Case>([
    ['with SASL_SSL and PLAIN', 'login', () => loginWith('PLAIN')],
    ['with SASL_SSL and SCRAM-SHA-256', 'login', () => loginWith('SCRAM-SHA-256')],
    ['with SASL_SSL and SCRAM-SHA-512', 'login', () => loginWith('SCRAM-SHA-512')],
    ['with SASL_SSL and OAUTHBEARER', 'login', () => tokenOf('tester')],
    ['with SSL and a client certificate', 'mtls', () => withCertificate(own)],
    ['with SASL_PLAINTEXT, outside production', 'clear', clear],
  ])('%s', async (_name, listener, values) => {
    const topic = await newTopic()
    await using running = traffic(clientOf(broker[listener], log, await values()), topic)
    expect(await running.roundTrip('one')).toContain('one')
  })
})

describe('a refusal says which variables to look at', () => {
  const stranger = async () => withCertificate(await certificate('tester', { ca: await authority('Strangers') }))
  const otherCa = async (): Promise<SecurityValues> => ({
    ...loginWith('PLAIN'),
    KAFKA_SSL_CA_FILE: await broker.file('other.pem', (await authority('Another CA')).cert),
  })
  const badToken = () => {
    broker.idp.behave('elsewhere', { audience: 'another-cluster' })
    return tokenOf('elsewhere')
  }
  it.concurrent.each<[...Case, KafkaRefusal['kind'], RegExp]>([
    ['a wrong password of PLAIN', 'login', () => loginWith('PLAIN', WRONG), 'credentials', /KAFKA_SASL_PASSWORD/],
    ['of SCRAM', 'login', () => loginWith('SCRAM-SHA-512', WRONG), 'credentials', /KAFKA_SASL_PASSWORD/],
    [
      'a wrong secret of OAUTHBEARER',
      'login',
      () => tokenOf('tester', WRONG),
      'credentials',
      /OAUTHBEARER_CLIENT_SECRET/,
    ],
    ['a token for another cluster', 'login', badToken, 'credentials', /does not take the token/],
    [
      'a mechanism that the listener has not',
      'clear',
      () => ({ ...clear(), KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256' }),
      'credentials',
      /KAFKA_SASL_MECHANISM/,
    ],
    ['a CA that did not sign the broker', 'login', otherCa, 'certificate', /KAFKA_SSL_CA_FILE/],
    [
      'no client certificate',
      'mtls',
      () => ({ KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_CA_FILE: caFile }),
      'certificate',
      /KAFKA_SSL_CERT_FILE/,
    ],
    ['a client certificate of another CA', 'mtls', stranger, 'certificate', /KAFKA_SSL_CERT_FILE/],
    ['no TLS where there must be', 'mtls', () => ({}), 'protocol', /KAFKA_SECURITY_PROTOCOL/],
    [
      'no login where there must be',
      'login',
      () => ({ KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_CA_FILE: caFile }),
      'protocol',
      /KAFKA_SECURITY_PROTOCOL/,
    ],
  ])('%s', async (_name, listener, values, kind, sentence) => {
    // of a guess one is not told at once
    const limitMs = kind === 'protocol' ? 3_000 : 20_000
    const error: unknown = await clusterReady(clientOf(broker[listener], log, await values()), {
      limitMs,
    }).catch((why: unknown) => why)
    expect(kafkaRefusal(error)).toMatchObject({ kind, sentence: expect.stringMatching(sentence) })
    expect(inspect(error, { depth: 10 })).not.toMatch(/shows-nowhere|eyJ/)
  })

  it.concurrent('a broker whose certificate is for another name', async () => {
    const elsewhere = broker.login.replace('127.0.0.1', 'localhost')
    const error: unknown = await clusterReady(clientOf(elsewhere, log, loginWith('PLAIN')), { limitMs: 20_000 }).catch(
      (why: unknown) => why,
    )
    expect(kafkaRefusal(error)?.sentence).toMatch(/for another name: KAFKA_BROKERS/)
  })

  it.concurrent('a client certificate that has expired, as the broker says it', async () => {
    const security = { tls: { ca: broker.ca.cert, ...(await certificate('tester', { ca: broker.ca, expired: true })) } }
    const client = kafkaClient({ brokers: [broker.mtls], clientId: 'hookline-test', log, security: () => security })
    const error: unknown = await clusterReady(client, { limitMs: 20_000 }).catch((why: unknown) => why)
    expect(kafkaRefusal(error)?.sentence).toMatch(/CERTIFICATE.*KAFKA_SSL_CERT_FILE/)
  })
})

describe('while it runs', () => {
  it.concurrent('a login that is revoked stops it and says so; the new password in its file lets it go on, without a restart', async () => {
    const topic = await newTopic()
    const file = await broker.file('password', `${PASSWORD}\n`)
    const values = { ...loginWith('SCRAM-SHA-512'), KAFKA_SASL_USERNAME: 'revoked', KAFKA_SASL_PASSWORD: '' }
    const client = clientOf(broker.login, log, { ...values, KAFKA_SASL_PASSWORD_FILE: file })
    await using running = traffic(client, topic, { silenceMs: 2_500 })
    const { kafka, source } = running
    await running.roundTrip('before')
    await removeScramUser(broker.open, 'revoked', 'SCRAM-SHA-512')
    const stopped = async () => {
      const error: unknown = await kafka
        .publish(topic, { key: 'order', value: null }, { timeoutMs: 1_000 })
        .catch((why: unknown) => why)
      return error instanceof KafkaUnavailable && source.progress().blocked !== undefined
    }
    await vi.waitUntil(stopped, { timeout: 40_000, interval: 100 })
    expect(source.progress()).toMatchObject({ joined: false, blocked: expect.stringContaining('KAFKA_SASL_PASSWORD') })
    await setScramUser(broker.open, 'revoked', 'SCRAM-SHA-512', NEW)
    await writeFile(file, NEW)
    await vi.waitUntil(() => kafka.available(topic), { timeout: 30_000, interval: 50 })
    await running.roundTrip('after')
    expect(source.progress()).toMatchObject({ joined: true, blocked: undefined })
  })

  it.concurrent('a password that is replaced, in its file and at the broker, costs no record', async () => {
    const topic = await newTopic()
    const file = await broker.file('replaced', PASSWORD)
    const { log: own, lines: ownLines } = notingLog()
    let looks = 0
    const values = {
      ...loginWith('SCRAM-SHA-512'),
      KAFKA_SASL_USERNAME: 'replaced',
      KAFKA_SASL_PASSWORD: '',
      get KAFKA_SASL_PASSWORD_FILE() {
        looks += 1
        return file
      },
    }
    await using running = traffic(clientOf(broker.login, own, values), topic)
    await running.roundTrip('before')
    await writeFile(file, NEW)
    await setScramUser(broker.open, 'replaced', 'SCRAM-SHA-512', NEW)
    // every login looks at the file some thirty times
    const until = looks + 150
    for (let n = 0; looks < until; n++) await running.roundTrip(`${n}`)
    expect(await running.roundTrip('after')).toContain('after')
    expect(inspect(ownLines)).not.toMatch(/authentication failed|lost Kafka|sent again|publishing is refused/)
  })

  it.concurrent('tokens are renewed before they are over, and nothing waits for it', async () => {
    const topic = await newTopic()
    broker.idp.behave('short-lived', { lifetimeS: 6 })
    await using running = traffic(clientOf(broker.login, log, tokenOf('short-lived')), topic)
    for (let n = 0; broker.idp.issued('short-lived') < 3; n++) await running.roundTrip(`${n}`)
    expect(await running.roundTrip('last')).toContain('last')
  })

  it.concurrent('a token endpoint that is away is waited for, as a broker is', async () => {
    const topic = await newTopic()
    broker.idp.behave('waiting', { status: 503 })
    const client = clientOf(broker.login, log, tokenOf('waiting'))
    const error: unknown = await clusterReady(client, { limitMs: 1_500 }).catch((why: unknown) => why)
    expect(kafkaRefusal(error)).toBeUndefined()
    expect(inspect(error)).toContain('the token endpoint does not answer (status 503)')
    await using running = traffic(client, topic)
    broker.idp.behave('waiting', {})
    expect(await running.roundTrip('one')).toContain('one')
  })
})

it('no log line of all this shows a password, a key or a token', () => {
  const shown = inspect(lines, { depth: 10, maxStringLength: null, maxArrayLength: null })
  expect(shown).toContain('SASL')
  for (const secret of [PASSWORD, WRONG, NEW, own.key, 'eyJ']) expect(shown).not.toContain(secret)
})
