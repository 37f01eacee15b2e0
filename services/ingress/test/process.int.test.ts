import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeRecord } from '@hookline/contracts'
import { expect, test } from 'vitest'
import { hookline } from '../../../packages/cli/test/process.ts'
import { readTopic } from '../../../packages/kafka/test/cluster.ts'
import { certificate } from '../../../packages/kafka/test/secure/certificates.ts'
import { badInput } from './bad-input/groups.ts'
import { idleSockets, sendAll } from './bad-input/send-all.ts'
import { SENDERS, VALUES } from './bad-input/senders.ts'
import { makeTopics, nowText, portOf, startIngress } from './ingress-process.ts'
import { testFolder } from './mounted.ts'
import { RawClient } from './raw-client.ts'
import { hc, hcBody, HC_SECRET, points, pointsBody, POINTS_SECRET } from './requests.ts'
import { stream } from './stream.ts'
import { ca, client, clientCa, server, stranger, tlsClient } from './tls-identities.ts'

/** Sends one order after another on one connection, until an answer says that it is the last. */
async function sendUntilLast(port: number, name: string, onAnswer: (count: number) => void) {
  const client = new RawClient(port)
  const acked: string[] = []
  for (let n = 0; ; n++) {
    const id = `${name}-${n}`
    const answer = await client.send(points({ body: pointsBody({ order: { id }, timestamp: nowText() }) })).answer()
    if (answer === undefined) return { acked, unanswered: [id] }
    expect([200, 503]).toContain(answer.statusCode)
    if (answer.statusCode === 200) acked.push(id)
    if (answer.headers['connection'] === 'close') return { acked, unanswered: [] }
    onAnswer(n + 1)
  }
}

test('SIGTERM in a burst: every request on an open connection is answered, what was answered 200 is in the topic, and the process ends with 0', async () => {
  await makeTopics()
  const ingress = startIngress()
  const port = await portOf(ingress)
  const busy = Array.from({ length: 20 }, () => Promise.withResolvers<void>())
  const sending = busy.map(({ resolve }, n) => sendUntilLast(port, `burst-${n}`, count => count === 15 && resolve()))
  await Promise.all(busy.map(({ promise }) => promise))
  ingress.child.kill('SIGTERM')
  const sent = await Promise.all(sending)
  const { code, errors } = await ingress.ended

  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(sent.flatMap(({ unanswered }) => unanswered)).toEqual([])
  const keys = new Set((await readTopic('points.webhook')).map(record => record.key))
  expect(sent.flatMap(({ acked }) => acked).filter(id => !keys.has(id))).toEqual([])
})

test('the admin port answers what senders must not see, and the public port does not', async () => {
  await makeTopics()
  const ingress = startIngress()
  const port = await portOf(ingress)
  const { admin } = await ingress.line('ready')
  for (const path of ['/livez', '/readyz', '/metrics']) {
    expect((await fetch(new URL(path, String(admin)))).status).toBe(200)
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(404)
  }
  expect(await (await fetch(`http://127.0.0.1:${port}/health`)).json()).toEqual({ status: 'ok' })
  ingress.child.kill('SIGTERM')
  await ingress.ended
})

test('SIGTERM with DRAIN_MS: neither ready nor healthy, and webhooks are stored until the drain is over', async () => {
  await makeTopics()
  const ingress = startIngress({ DRAIN_MS: '600000', CLOSE_GRACE_MS: '700000' })
  const port = await portOf(ingress)
  const { admin } = await ingress.line('ready')
  const status = async (url: string | URL) => (await fetch(url)).status
  ingress.child.kill('SIGTERM')
  await expect.poll(() => status(`http://127.0.0.1:${port}/health`)).toBe(503)
  expect(await status(new URL('/readyz', String(admin)))).toBe(503)
  const client = new RawClient(port)
  const body = pointsBody({ timestamp: nowText() })
  expect(await client.send(points({ body })).answer()).toMatchObject({
    statusCode: 200,
    headers: { connection: 'close' },
  })
  await client.closed()
  // nobody waits for its ten minutes
  ingress.child.kill('SIGTERM')
  expect((await ingress.ended).code).toBe(1)
})

test('a rotation window in the environment holds, and a wave of wrong secrets is said and measured', async () => {
  await makeTopics()
  const ingress = startIngress({ POINTS_ROTATING_UNTIL: new Date(Date.now() + 3_600_000).toISOString() })
  const client = new RawClient(await portOf(ingress))
  const { admin } = await ingress.line('ready')
  const answers = []
  for (let n = 0; n < 20; n++) {
    answers.push(await client.send(points({ headers: { 'x-webhook-secret': 'wrong-secret-marker' } })).answer())
  }
  client.close()
  expect(new Set(answers.map(answer => answer?.statusCode))).toEqual(new Set([503]))
  expect(await ingress.line('verification wave')).toMatchObject({
    source: 'points',
    failed: 20,
    reasons: { mismatch: 20 },
    unmatched: ['env'],
    rotating: true,
  })
  const measured = await (await fetch(new URL('/metrics', String(admin)))).text()
  expect(measured).toContain('hookline_webhooks_not_verified_ratio{source="points"} 1\n')
  expect(measured).toContain('hookline_secrets_rotating{source="points"} 1\n')
  ingress.child.kill('SIGTERM')
  await ingress.ended
})

test('no secret, signature or part of a body is in what the process writes', async () => {
  await makeTopics()
  const ingress = startIngress()
  const port = await portOf(ingress)
  const email = 'layla.marker@example.test'
  const client = new RawClient(port)
  const body = hcBody({ created_at: nowText(), data: { id: 'ord_marker', customer: { email } } })
  const signature = 'ab'.repeat(32)
  for (const request of [
    hc({ body }),
    hc({ body, headers: { 'x-webhook-signature': signature } }),
    points({ headers: { 'x-webhook-secret': 'wrong-secret-marker' } }),
    points({ body: `{"email":"${email}` }),
    points({ body: pointsBody({ timestamp: email }) }),
  ]) {
    expect(await client.send(request).answer()).toBeDefined()
  }
  client.close()
  ingress.child.kill('SIGTERM')
  const { lines, errors } = await ingress.ended
  const written = JSON.stringify(lines) + errors
  expect(lines.map(line => line.msg)).toContain('verification failed')
  for (const marker of [POINTS_SECRET, HC_SECRET, signature, 'wrong-secret-marker', 'layla']) {
    expect(written).not.toContain(marker)
  }
})

test.each([
  [
    'topics with fewer replicas than the policy',
    { KAFKA_REPLICATION_MIN: '3' },
    /^points.webhook has replication 1: raise it to 3/,
  ],
  [
    'an example secret in production',
    {
      HOOKLINE_ENV: 'production',
      KAFKA_SECURITY_PROTOCOL: 'SSL',
      POINTS_WEBHOOK_SECRET: 'example-points-secret-never-use-it',
    },
    /^POINTS_WEBHOOK_SECRET is one of an example file/,
  ],
  ['plaintext brokers in production', { HOOKLINE_ENV: 'production' }, /^KAFKA_SECURITY_PROTOCOL is PLAINTEXT/],
])('does not start with %s, and says what to set', async (_what, over, sentence) => {
  await makeTopics()
  const { code, lines } = await startIngress(over).ended
  expect(code).toBe(1)
  const refusal = lines.find(line => line.msg === 'not starting')
  expect(refusal?.['problems']).toContainEqual(expect.stringMatching(sentence))
})

test('does not start where a topic cannot hold the largest body', async () => {
  await makeTopics({ 'max.message.bytes': '1048588' })
  const { code, lines } = await startIngress().ended
  await makeTopics()
  expect(code).toBe(1)
  const refusal = lines.find(line => line.msg === 'not starting')
  expect(refusal?.['problems']).toContainEqual(expect.stringMatching(/^hc.webhook has max.message.bytes=1048588: set/))
})

test('a rotation by the command under load refuses no webhook, and each record tells which secret let it in', async () => {
  await makeTopics()
  const file = join(await testFolder(), 'secrets.json')
  const secrets = async (...args: readonly string[]) => {
    const { stdout, stderr, exitCode } = await hookline(['secrets', ...args, '--file', file, '--json'], {})
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    return JSON.parse(stdout) as { id: string; secret: string }
  }
  const old = await secrets('rotate', 'points', '--id', 'old')
  const ingress = startIngress({
    POINTS_WEBHOOK_SECRET: '',
    WEBHOOK_SECRETS_PATH: file,
    WEBHOOK_SECRETS_POLL_MS: '100',
    HOOKLINE_ENV: 'development',
  })
  const port = await portOf(ingress)
  const reloaded = (times: number) =>
    expect.poll(() => ingress.lines.filter(({ msg }) => msg === 'secrets reloaded').length).toBe(times)

  // what the sender uses: the new one on so many of its connections
  let next = old
  let taken = 0
  const load = stream({
    port,
    connections: 8,
    request: (connection, n) => {
      const { id: made, secret } = connection < taken ? next : old
      const body = pointsBody({ order: { id: `rotated-${connection}-${n}` }, timestamp: nowText() })
      return { made, bytes: points({ headers: { 'x-webhook-secret': secret }, body }) }
    },
  })
  await load.more('old', 100)
  next = await secrets('rotate', 'points', '--id', 'next')
  await reloaded(1)
  taken = 4
  await load.more('next', 100)
  await load.more('old', 100)
  taken = 8
  await load.only('next')
  await secrets('expire', 'points', 'old')
  await reloaded(2)
  await load.more('next', 100)
  await load.stop()

  expect(Object.keys(load.answers()).toSorted()).toEqual(['next 200', 'old 200'])
  const client = new RawClient(port)
  expect((await client.send(points({ headers: { 'x-webhook-secret': old.secret } })).answer())?.statusCode).toBe(401)
  client.close()
  const stored = (await readTopic('points.webhook')).filter(({ key }) => key?.startsWith('rotated-'))
  const ids = stored.map(({ value }) => decodeRecord(Buffer.from(value ?? '')).headers['x-hookline-secret-id'])
  const { 'old 200': byOld = 0, 'next 200': byNext = 0 } = load.answers()
  expect(ids.filter(id => id === 'old').length).toBe(byOld)
  expect(ids.filter(id => id === 'next').length).toBe(byNext)

  ingress.child.kill('SIGTERM')
  const { code, lines, errors } = await ingress.ended
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'webhook accepted', secret_id: 'next', level: 'debug' }))
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: 'verification failed', reason: 'expired', secret_id: 'old' }),
  )
  for (const { secret } of [old, next]) expect(JSON.stringify(lines)).not.toContain(secret)
})

test('does not start with a secrets file that it must not use, and names neither its secrets nor its place', async () => {
  await makeTopics()
  const file = join(await testFolder(), 'secrets.json')
  await writeFile(file, '{"points":[{"id":"a","secret":"MARKER-short"}],"pionts":[]')
  const { code, lines } = await startIngress({ WEBHOOK_SECRETS_PATH: file, POINTS_WEBHOOK_SECRET: '' }).ended
  expect(code).toBe(1)
  expect(lines.find(({ msg }) => msg === 'not starting')?.['problems']).toEqual([
    expect.stringMatching(/^secrets.json is not one JSON object/),
  ])
  expect(JSON.stringify(lines)).not.toContain('MARKER')
})

test('one process answers all bad input, ten thousand idle connections beside it, and goes on as before', async () => {
  await makeTopics()
  const ingress = startIngress({ ...VALUES, POINTS_WEBHOOK_SECRET: '', HC_WEBHOOK_SECRET: '', LOG_LEVEL: 'info' })
  const port = await portOf(ingress)
  const { admin } = await ingress.line('ready')
  const heapBytes = async () => {
    const metrics = await (await fetch(new URL('/metrics', String(admin)))).text()
    return Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(metrics)?.[1])
  }
  const everything = async () => {
    const otherwise: string[] = []
    for (const sender of SENDERS.filter(({ source }) => source !== 'side-shop')) {
      // an hour later, so that no time of the table is over while it is sent
      for (const inputs of Object.values(badInput(sender, Date.now() + 3_600_000))) {
        otherwise.push(...(await sendAll(port, sender, inputs)))
      }
    }
    return otherwise
  }

  expect(await everything()).toEqual([])
  const before = await heapBytes()
  const idle = await idleSockets(port)
  expect(await everything()).toEqual([])
  for (const socket of idle) socket.destroy()
  expect(await everything()).toEqual([])
  expect(await heapBytes()).toBeLessThan(before + 64 * 1_048_576)

  expect(ingress.child.exitCode).toBeNull()
  ingress.child.kill('SIGTERM')
  const { code, errors } = await ingress.ended
  expect({ code, errors }).toEqual({ code: 0, errors: '' })
})

test('with a certificate it speaks TLS alone, follows its files, and does not start with those of two', async () => {
  await makeTopics()
  const folder = await testFolder()
  const path = (name: string) => join(folder, name)
  const show = async ({ cert, key }: { cert: string; key: string }) => {
    await writeFile(path('tls.crt'), cert)
    await writeFile(path('tls.key'), key)
  }
  await show(server)
  await writeFile(path('clients.crt'), clientCa.cert)
  const TLS = { TLS_CERT_PATH: path('tls.crt'), TLS_KEY_PATH: path('tls.key'), TLS_CLIENT_CA_PATH: path('clients.crt') }
  const ingress = startIngress({ ...TLS, TLS_POLL_MS: '100' })
  const port = await portOf(ingress)
  const good = () => points({ body: pointsBody({ order: { id: 'over-tls' }, timestamp: nowText() }) })
  const trusted = new RawClient(port, at => tlsClient(at, client))
  expect((await trusted.send(good()).answer())?.statusCode).toBe(200)
  for (const other of [new RawClient(port), new RawClient(port, tlsClient)]) {
    expect(await other.send(good()).answer()).toBeUndefined()
  }
  await show(await certificate('next', { ca }))
  await ingress.line('certificate reloaded')
  const raw = tlsClient(port, client)
  await once(raw, 'secureConnect')
  expect(raw.getPeerCertificate().subject.CN).toBe('next')
  raw.destroy()
  expect((await trusted.send(good()).answer())?.statusCode).toBe(200)
  trusted.close()
  ingress.child.kill('SIGTERM')
  expect(await ingress.ended).toMatchObject({ code: 0, errors: '' })

  await writeFile(path('tls.key'), stranger.key)
  const { code, lines } = await startIngress(TLS).ended
  expect(code).toBe(1)
  expect(lines.find(({ msg }) => msg === 'not starting')?.['problems']).toEqual([
    expect.stringMatching(/^TLS_KEY_PATH is not the key of TLS_CERT_PATH's first certificate/),
  ])
})
