import { publisher } from '@hookline/kafka'
import { afterAll, expect, test } from 'vitest'
import { newTopic, readTopic, testClient } from '../../../packages/kafka/test/cluster.ts'
import { PUBLISH_TIMEOUT_MS, REJECTED_TOPIC } from '../src/limits.ts'
import { judgeAgain } from '../src/quarantine/judge-again.ts'
import { judgingSources } from '../src/quarantine/judging-sources.ts'
import { readRejected } from '../src/quarantine/read-record.ts'
import { unlimited } from '../src/secrets/secret.ts'
import { declaredSources } from '../src/sources/declared-sources.ts'
import { trustedProxies } from '../src/trusted-proxies.ts'
import { hc, hcBody, points, pointsBody } from './requests.ts'
import { runningApp } from './running-app.ts'
import { secretOf } from './schemes.ts'

const kafka = publisher({ client: testClient() })
afterAll(() => kafka.close())

const BOUND = 1_000
const CONNECTIONS = 20
const EACH = 250

/** A webhook that its sender made with a secret that we have not got yet. */
const refused = (connection: number, n: number) =>
  points({
    body: pointsBody({ order: { id: `wave-${connection}-${n}` } }),
    headers: { 'x-webhook-secret': secretOf(9), 'x-forwarded-for': `198.51.${connection}.${n}` },
  })
const namesNoOrder = hc({ body: hcBody({ type: 'payment.refunded', data: { id: 're_1' } }) })

test('a wave of wrong secrets leaves exactly its bound in quarantine, and nothing that was acknowledged is pushed out', async () => {
  const topic = await newTopic(3, { 'max.message.bytes': '2097152' })
  const proxies = trustedProxies('127.0.0.0/8')
  if (!proxies.ok) throw new Error(proxies.problems.join('; '))
  const ingress = await runningApp(
    (name, record) => kafka.publish(name === REJECTED_TOPIC ? topic : name, record, { timeoutMs: PUBLISH_TIMEOUT_MS }),
    { quarantineLimits: { maxRecords: BOUND, maxBytes: 67_108_864 }, proxies: proxies.value, now: Date.now },
  )
  const stored = (outcome: string) =>
    ingress.metric(`hookline_quarantine_requests_total{source="points",kind="unverified",outcome="${outcome}"}`)

  const codes = new Set<number | undefined>()
  const send = async (connection: number) => {
    const client = ingress.connect()
    for (let n = 0; n < EACH; n++) codes.add((await client.send(refused(connection, n)).answer())?.statusCode)
    const kept = await client.send(namesNoOrder).answer()
    client.close()
    return kept?.statusCode
  }
  const acked = await Promise.all(Array.from({ length: CONNECTIONS }, (_, connection) => send(connection)))
  expect(codes).toEqual(new Set([401]))
  expect(acked).toEqual(Array.from({ length: CONNECTIONS }, () => 200))
  // while Kafka was slow, some were left out for that alone: the wave goes on until the bound is met
  for (let n = 0; (await stored('full')) === 0; n++) await ingress.ask(refused(99, n % 250))
  await expect.poll(() => stored('stored')).toBe(BOUND)
  await ingress.app.close()

  const records = (await readTopic(topic)).map(({ value, headers }) =>
    readRejected({ value: Buffer.from(value ?? ''), headers }),
  )
  const requests = records.flatMap(record => (record.kind === 'request' ? [record] : []))
  expect(requests).toHaveLength(BOUND + CONNECTIONS)
  expect(requests.filter(({ verified }) => verified)).toHaveLength(CONNECTIONS)
  expect(JSON.stringify(records)).not.toContain(secretOf(9))

  const own = { secrets: [unlimited('new', secretOf(9), 'the new one')], rotatingUntil: -Infinity }
  const sources = judgingSources({ declared: declaredSources, secrets: new Map([['points', own]]), values: {} })
  const judged = requests
    .filter(({ source }) => source === 'points')
    .map(request => judgeAgain(request, { sources, now: Date.now() }))
  expect(judged.filter(({ kind }) => kind === 'releasable')).toHaveLength(BOUND)
})
