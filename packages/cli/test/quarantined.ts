import { randomUUID } from 'node:crypto'
import { declaredSources, REJECTED_TOPIC } from '@hookline/ingress/quarantine'
import { applyTopics, publisher, readRecords } from '@hookline/kafka'
import { expect, vi } from 'vitest'
import type { Publish } from '../../../services/ingress/src/publish.ts'
import { hc, HC_SECRET, hcBody, points, pointsBody, POINTS_SECRET } from '../../../services/ingress/test/requests.ts'
import { NOW, opened, runningApp } from '../../../services/ingress/test/running-app.ts'
import type { QuarantinePlace } from '../src/quarantine/place.ts'
import { removeTopics, testKafka } from './installation.ts'

/** A personal detail that is in every body. */
export const PRIVATE = 'someone@example.org'
/** What the sender uses already, and the ingress does not know yet. */
const NEW_SECRET = 'pts-a-new-one-of-64c1f0d29be7'

/** The variables of an ingress that knows the new secret too. */
export const MENDED = {
  POINTS_WEBHOOK_SECRETS: JSON.stringify([
    { id: 'old', secret: POINTS_SECRET },
    { id: 'new', secret: NEW_SECRET },
  ]),
  HC_WEBHOOK_SECRET: HC_SECRET,
}

/** After all of them came. */
export const SOON = NOW + 60_000
/** Long after the event that was an hour ahead. */
export const LATER = NOW + 7_200_000

/** Made by sending each kind of request to a real ingress, on topics that nobody else has. Who opens it closes it. */
export async function quarantined() {
  const own = randomUUID().slice(0, 8)
  const topics = { points: `points.${own}`, hc: `hc.${own}`, rejected: `rejected.${own}` }
  const ofSource: Readonly<Record<string, string>> = { points: topics.points, hc: topics.hc }
  await applyTopics(
    testKafka(),
    Object.values(topics).map(name => ({ name, partitions: 3, replicationFactor: 1, config: {} })),
  )
  const kafka = publisher({ client: testKafka() })
  const publish: Publish = (topic, record) =>
    kafka.publish(topic === REJECTED_TOPIC ? topics.rejected : topic, record, { timeoutMs: 20_000 })
  const sources = opened().map(({ catalogue, ...source }) => ({
    ...source,
    catalogue: { ...catalogue, topic: ofSource[catalogue.source] ?? catalogue.topic },
  }))
  let clock = NOW
  const ingress = await runningApp(publish, { sources, now: () => clock++ })

  const send = async (bytes: Buffer, status: number): Promise<string> => {
    const answer = await ingress.ask(bytes)
    expect(answer?.statusCode).toBe(status)
    return answer?.headers['x-request-id'] ?? ''
  }
  const rotated = (body: string) => points({ body, headers: { 'x-webhook-secret': NEW_SECRET } })
  const bodies = {
    approved: pointsBody({ order: { id: 'late-order', email: PRIVATE } }),
    captured: pointsBody({ event: 'captured', order: { id: 'late-order', email: PRIVATE, note: 'ن 1.10' } }),
    ahead: hcBody({ created_at: new Date(NOW + 3_600_000).toISOString(), email: PRIVATE }),
    nameless: hcBody({ type: 'payment.refunded', data: { id: 're_1', email: PRIVATE } }),
  }
  const ids = {
    approved: await send(rotated(bodies.approved), 401),
    captured: await send(rotated(bodies.captured), 401),
    stranger: await send(hc({ headers: { 'x-webhook-signature': 'f'.repeat(64) } }), 401),
    secretless: await send(points({ headers: { 'x-webhook-secret': undefined } }), 401),
    cut: await send(rotated(pointsBody({ padding: 'x'.repeat(70_000) })), 401),
    ahead: await send(hc({ body: bodies.ahead }), 422),
    nameless: await send(hc({ body: bodies.nameless }), 200),
  }
  // the 401s do not wait for their copies
  await vi.waitFor(async () => expect(await recordsOf(topics.rejected)).toHaveLength(Object.keys(ids).length), 30_000)
  await ingress.app.close()

  const declared = declaredSources.map(source => ({
    ...source,
    catalogue: { ...source.catalogue, topic: ofSource[source.catalogue.source] ?? '' },
  }))
  const place: QuarantinePlace = { topic: topics.rejected, declared }
  return {
    topics,
    place,
    ids,
    bodies,
    close: async () => {
      await kafka.close()
      await removeTopics(Object.values(topics))
    },
  }
}

/** Value and headers of all records of a topic. */
export async function recordsOf(topic: string) {
  const records: { value: string; headers: Readonly<Record<string, string>> }[] = []
  await readRecords(testKafka(), topic, {
    each: ({ value, headers }) => records.push({ value: String(value), headers }),
  })
  return records
}
