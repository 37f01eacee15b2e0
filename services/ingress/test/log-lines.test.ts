import { decodeRecord } from '@hookline/contracts'
import { KafkaUnavailable } from '@hookline/kafka'
import { afterAll, describe, expect, test } from 'vitest'
import type { Publish } from '../src/publish.ts'
import { badInput } from './bad-input/groups.ts'
import { SENDERS } from './bad-input/senders.ts'
import { hc, hcBody, points, pointsBody } from './requests.ts'
import { NOW, runningApp } from './running-app.ts'

type Line = Readonly<Record<string, unknown>>

/** Its clock goes on by a minute with each look, so that sampling leaves out no line. */
async function ingressThatTellsAll(publish: Publish) {
  let looks = 0
  const ingress = await runningApp(publish, { now: () => NOW + 60_000 * looks++ })
  const lines = (): Line[] =>
    ingress
      .log()
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line))
  return { ...ingress, lines }
}

const KAFKA_DOWN = () => Promise.reject(new KafkaUnavailable('x'))
const storing = await ingressThatTellsAll(async () => undefined)
const failing = await ingressThatTellsAll(KAFKA_DOWN)
afterAll(() => Promise.all([storing.app.close(), failing.app.close()]))

const [ofPoints, ofHc] = SENDERS.map(sender => badInput(sender, NOW))
const bad = [...Object.values(ofPoints ?? {}).flat(), ...(ofHc?.['credentials'] ?? [])]
const good = [
  { source: 'points', name: 'an event', bytes: points() },
  {
    source: 'hc',
    name: 'a refund that names no order',
    bytes: hc({ body: hcBody({ type: 'payment.refunded', data: { id: 're' } }) }),
  },
]

describe.each([
  ['Kafka stores', storing],
  ['Kafka is down', failing],
])('while %s, a request makes one line with the id that its answer has', (_when, ingress) => {
  test.each([...bad, ...good])('$source $name', async ({ bytes }) => {
    const before = ingress.lines().length
    const answer = await ingress.ask(bytes)
    const id = answer?.headers['x-request-id']
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    // what failed verification is told once its copy is stored or not
    await expect.poll(() => ingress.lines().length).toBeGreaterThan(before)
    expect(ingress.lines().slice(before)).toEqual([
      expect.objectContaining({ request_id: id, source: expect.any(String) }),
    ])
  })
})

test('no request of all has made a second line', () => {
  for (const ingress of [storing, failing]) {
    const ids = ingress.lines().map(line => line['request_id'])
    expect(ids.length).toBe(bad.length + good.length)
    expect(new Set(ids).size).toBe(ids.length)
  }
})

test('from the answer to the event: the id is kept with the record, whatever id the sender sent', async () => {
  const stored: Buffer[] = []
  const ingress = await runningApp(async (_topic, { value }) => stored.push(value))
  const answer = await ingress.ask(points({ headers: { 'x-request-id': 'of-the-sender' } }))
  await ingress.app.close()
  const kept = stored.map(value => decodeRecord(value).headers['x-request-id'])
  expect(kept).toEqual([answer?.headers['x-request-id']])
  expect(kept).not.toContain('of-the-sender')
})

test('a flood of one failure makes one line a second, which tells how many it stands for', async () => {
  const clock = { now: NOW }
  const ingress = await runningApp(KAFKA_DOWN, { now: () => clock.now })
  for (let sent = 0; sent < 20; sent++) await ingress.ask(points())
  await ingress.ask(points({ path: '/nowhere' }))
  clock.now += 1_000
  await ingress.ask(points({ body: pointsBody() }))
  await ingress.app.close()
  const lines: Line[] = ingress
    .log()
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines.map(({ code, suppressed }) => [code, suppressed])).toEqual([
    ['unavailable', 0],
    ['not_found', 0],
    ['unavailable', 19],
  ])
})
