import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { decodeRecord } from '@hookline/contracts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mutated, mutations } from '../../../packages/contracts/test/mutations.ts'
import { DECLARED, post, SENDERS, VALUES } from './bad-input/senders.ts'
import type { Sender } from './bad-input/senders.ts'
import { answersIn } from './raw-client.ts'
import type { RawAnswer } from './raw-client.ts'
import { NOW, opened, runningApp } from './running-app.ts'

const published: { topic: string; value: Buffer }[] = []
const sources = opened(VALUES, DECLARED)
let ingress: Awaited<ReturnType<typeof runningApp>>

beforeAll(async () => {
  ingress = await runningApp(async (topic, { value }) => published.push({ topic, value }), { sources })
})
afterAll(() => ingress.app.close())

const TOKENS = [
  '\r\n',
  '\r\n\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  ':',
  ',',
  'content-length: 5\r\n',
  'content-length: 0\r\n',
  'transfer-encoding: chunked\r\n',
  'transfer-encoding: identity\r\n',
  'content-encoding: gzip\r\n',
  'connection: close\r\n',
  'connection: upgrade\r\n',
  'upgrade: websocket\r\n',
  'expect: 100-continue\r\n',
  'x-webhook-secret: x\r\n',
  'x-webhook-signature: x\r\n',
  'x-forwarded-for: 192.0.2.1\r\n',
  'host: b\r\n',
  'GET / HTTP/1.1\r\nhost: a\r\n\r\n',
  'HTTP/1.0',
  '0\r\n\r\n',
  '"__proto__":1,',
  'é',
]

function inChunks(sender: Sender): Buffer {
  const body = sender.body()
  const headers = {
    ...sender.credential(Buffer.from(body), sender.secret),
    'content-length': undefined,
    'transfer-encoding': 'chunked',
  }
  return post(sender, { headers, body: `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` })
}

/** Everything that comes back until the connection ends, after which nothing more is sent. */
async function exchange(bytes: Buffer): Promise<Buffer> {
  const socket = connect({ port: ingress.port, host: '127.0.0.1' })
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  // cut off is one of the ways in which it may end
  socket.on('error', () => {})
  socket.end(bytes)
  await once(socket, 'close')
  // what was not read at once is read in the next turn of the loop
  await nextTurn()
  await nextTurn()
  return Buffer.concat(chunks)
}

function isOurs({ statusCode, headers, body }: RawAnswer): boolean {
  if (statusCode === 100) return body === ''
  const said: Record<string, unknown> = JSON.parse(body)
  const ofItsKind =
    statusCode === 200
      ? said['status'] === 'accepted' || said['status'] === 'quarantined'
      : said['statusCode'] === statusCode && /^[a-z0-9_]+$/.test(String(said['code']))
  return ofItsKind && headers['content-type'] === 'application/json; charset=utf-8'
}

/** Whether a stored body shows who sent it: a secret stands beside what was sent, a signature is of it. */
function isFrom(sender: Sender, { sent, body }: { sent: Buffer; body: string }): boolean {
  return sender.source === 'points' ? sent.includes(sender.secret) && sent.includes(body) : body === sender.body()
}

test('no change of a good request gets past the verifier and the parser, or gets an answer that is not ours', async () => {
  const statuses = new Set<number>()
  const good = SENDERS.flatMap(sender => [
    { sender, bytes: post(sender), [fc.toStringMethod]: () => sender.source },
    { sender, bytes: inChunks(sender), [fc.toStringMethod]: () => `${sender.source} in chunks` },
  ])
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...good), mutations(TOKENS), async ({ sender, bytes }, changes) => {
      published.length = 0
      const sent = mutated(bytes, changes)
      const answers = answersIn(await exchange(sent))
      for (const { statusCode } of answers) statuses.add(statusCode)
      expect(answers.filter(answer => !isOurs(answer))).toEqual([])
      const stored = published.filter(({ topic }) => topic !== 'webhook.rejected')
      const accepted = answers.filter(({ statusCode }) => statusCode === 200).length
      // the sender may be gone before its answer, and may have been answered for what is in quarantine
      expect(accepted).toBeLessThanOrEqual(published.length)
      for (const { topic, value } of stored) {
        const { source, body } = decodeRecord(value)
        expect(topic).toBe(`${source}.webhook`)
        expect(source).toBe(sender.source)
        expect(isFrom(sender, { sent, body })).toBe(true)
      }
    }),
    { numRuns: 1_500 },
  )
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 401]))
  for (const sender of SENDERS) expect((await ingress.ask(post(sender)))?.statusCode).toBe(200)
})

test('any bytes at all are answered as ours, or not at all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async bytes => {
      published.length = 0
      const answers = answersIn(await exchange(Buffer.from(bytes)))
      expect(answers.filter(answer => !isOurs(answer) || answer.statusCode !== 400)).toEqual([])
      expect(published).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test.each(SENDERS)('$source: no changed bit of a credential passes', sender => {
  const source = sources.find(({ catalogue }) => catalogue.source === sender.source)
  const body = Buffer.from(sender.body())
  const rawHeaders = Object.entries(sender.credential(body, sender.secret)).flat()
  expect(source?.verify({ body, rawHeaders, now: NOW }).kind).toBe('verified')
  for (let at = 1; at < rawHeaders.length; at += 2) {
    const value = Buffer.from(rawHeaders[at] ?? '')
    for (let bit = 0; bit < value.length * 8; bit++) {
      const flipped = Buffer.from(value)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const changed = rawHeaders.with(at, flipped.toString('latin1'))
      expect(source?.verify({ body, rawHeaders: changed, now: NOW }).kind).toBe('failed')
    }
  }
})
