import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../../packages/local/src/ports.ts'
import { bodiesInTopics } from '../../../packages/local/test/e2e/kafka.ts'
import { nowText, portOf, startIngress } from './ingress-process.ts'
import { ownBroker } from './own-broker.ts'
import { ownTopics } from './own-topics.ts'
import { RawClient } from './raw-client.ts'
import { points, pointsBody } from './requests.ts'

const WEBHOOKS = 20_000
const CONNECTIONS = 64

/** All webhooks over kept connections, each sent again until it is answered 200. */
function burst(port: number) {
  const acked = new Set<string>()
  const counts = { refused: 0, broken: 0 }
  let begun = 0

  async function send(): Promise<void> {
    let client = new RawClient(port)
    while (begun < WEBHOOKS) {
      const body = pointsBody({ order: { id: `burst-${begun++}`, note: 'x'.repeat(300) }, timestamp: nowText() })
      const bytes = points({ body })
      while (!acked.has(body)) {
        const answer = await client.send(bytes).answer()
        if (answer?.statusCode === 200) {
          acked.add(body)
          continue
        }
        if (answer === undefined) {
          counts.broken += 1
          client = new RawClient(port)
        } else {
          expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': expect.any(String) } })
          counts.refused += 1
        }
        await delay(100) // the pace of the sender
      }
    }
    client.close()
  }

  return {
    acked,
    counts,
    ended: Promise.all(Array.from({ length: CONNECTIONS }, send)),
    ackedMoreThan: (share: number) =>
      expect.poll(() => acked.size, { timeout: 120_000 }).toBeGreaterThan(share * WEBHOOKS),
  }
}

test('the broker and the ingress are killed in a burst of 20,000 webhooks: each one that was answered 200 is in the topic as it was sent', async () => {
  const kafka = await ownBroker()
  onTestFinished(() => kafka.close())
  await ownTopics(kafka.address).make()
  const env = { KAFKA_BROKERS: kafka.address, PORT: String(await freePort()), LOG_LEVEL: 'info' }
  const first = startIngress(env)
  const sending = burst(await portOf(first))

  await sending.ackedMoreThan(0.25)
  kafka.kill('SIGKILL')
  await expect.poll(() => sending.counts.refused, { timeout: 60_000 }).toBeGreaterThan(0)
  await sending.ackedMoreThan(0.6)
  expect(sending.counts.broken).toBe(0)
  first.child.kill('SIGKILL')
  await expect.poll(() => sending.counts.broken, { timeout: 60_000 }).toBeGreaterThan(0)
  const next = startIngress(env)
  onTestFinished(() => void next.child.kill('SIGKILL'))
  await sending.ended

  expect(sending.acked.size).toBe(WEBHOOKS)
  const stored = await bodiesInTopics({ kafka: kafka.address })
  expect([...sending.acked].filter(body => !stored.has(body))).toEqual([])
}, 240_000)
