import { decodeRecord } from '@hookline/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Config } from '../src/config.ts'
import { quarantineList } from '../src/quarantine/list.ts'
import { quarantineRelease } from '../src/quarantine/release.ts'
import type { ReleaseProgress } from '../src/quarantine/release-chosen.ts'
import { quarantineShow } from '../src/quarantine/show.ts'
import { quarantineVerify } from '../src/quarantine/verify.ts'
import type { Watching } from '../src/watching.ts'
import { ownInstallation, removeTopics } from './installation.ts'
import { PLAIN } from './plain-look.ts'
import { LATER, MENDED, PRIVATE, quarantined, recordsOf, SOON } from './quarantined.ts'

const { config } = ownInstallation()
const mended: Config = { ...config, webhooks: { path: undefined, values: MENDED } }
let scene: Awaited<ReturnType<typeof quarantined>>

beforeAll(async () => {
  scene = await quarantined()
})
afterAll(() => scene.close())

function watching(stop = new AbortController().signal): Watching<ReleaseProgress> & { lines: string[] } {
  const lines: string[] = []
  return { lines, say: line => lines.push(line), progress() {}, end() {}, interrupted: () => stop }
}

const list = (selection = {}, limit = 20) => quarantineList(config, { selection, limit, now: SOON }, scene.place)
const verify = (selection = {}, now = SOON, by = mended) => quarantineVerify(by, { selection, now }, scene.place)
const release = (selection = {}, { now = SOON, limit = 100, by = mended, watched = watching() } = {}) =>
  quarantineRelease(by, { selection, limit, yes: true, now: () => now }, scene.place, watched)
const only = (...ids: readonly string[]) => ({ ids })

it('the list says how much there is of what, and the newest of it, with no part of a body', async () => {
  const { ids } = scene
  const answer = await list()
  expect(answer.document).toMatchObject({
    more: false,
    unreadable: 0,
    sums: expect.arrayContaining([
      expect.objectContaining({ source: 'points', reason: 'mismatch', verified: false, requests: 3, released: 0 }),
      expect.objectContaining({ source: 'hc', reason: 'no_order_id', verified: true, requests: 1 }),
    ]),
    requests: expect.arrayContaining([
      expect.objectContaining({ request_id: ids.approved, event: 'approved', order_id: 'late-order', verified: false }),
      expect.objectContaining({ request_id: ids.nameless, event: 'payment.refunded', order_id: null, verified: true }),
      expect.objectContaining({ request_id: ids.cut, kept_bytes: 65_536, event: null }),
    ]),
  })
  const text = answer.text(PLAIN)
  expect(text).toContain(`not verified, says: approved of order\n    late-order`)
  expect(text + JSON.stringify(answer.document)).not.toContain(PRIVATE)
  expect((await list({ reason: ['invalid_time'] })).document).toMatchObject({ requests: [{ request_id: ids.ahead }] })
  expect((await list({}, 2)).document).toMatchObject({ more: true, requests: [{}, {}] })
  expect((await list({ after: SOON })).text(PLAIN)).toBe('Nothing of that is in quarantine.')
})

it('a request is shown with what it is judged to be now; its body comes byte for byte, and only where it is asked for', async () => {
  const { ids, bodies } = scene
  const answer = await quarantineShow(mended, ids.approved, { now: SOON }, scene.place)
  expect(answer.document).toMatchObject({ reason: 'mismatch', judged: { kind: 'releasable', secret_id: 'new' } })
  expect(answer.text(PLAIN) + JSON.stringify(answer.document)).not.toContain(PRIVATE)
  const body = await quarantineShow(mended, ids.captured, { now: SOON, body: true }, scene.place)
  expect(body.bytes?.toString()).toBe(bodies.captured)
  const cut = await quarantineShow(mended, ids.cut, { now: SOON, body: true }, scene.place)
  expect([cut.bytes?.length, cut.problem]).toEqual([65_536, expect.stringContaining('Only the first 65536 of')])
  expect((await quarantineShow(mended, 'none', { now: SOON }, scene.place)).problem).toContain('Not in quarantine')
})

it('each request is judged again, with why not and what to do', async () => {
  const { ids } = scene
  const { document, text } = await verify()
  const kinds = (document as { requests: { request_id: string; judged: object }[] }).requests
  expect(Object.fromEntries(kinds.map(({ request_id, judged }) => [request_id, judged]))).toEqual({
    [ids.approved]: expect.objectContaining({ kind: 'releasable', order_id: 'late-order', event: 'approved' }),
    [ids.captured]: expect.objectContaining({ kind: 'releasable', secret_id: 'new' }),
    [ids.stranger]: { kind: 'not_verified', reason: 'mismatch', secret_id: null },
    [ids.secretless]: { kind: 'not_verified', reason: 'missing', secret_id: null },
    [ids.cut]: { kind: 'cut' },
    [ids.ahead]: expect.objectContaining({ kind: 'still_kept', code: 'invalid_time' }),
    [ids.nameless]: expect.objectContaining({ kind: 'still_kept', code: 'no_order_id' }),
  })
  expect(text(PLAIN)).toContain('2 of 7 requests can be released.')
  expect((await verify(only(ids.stranger))).problem).toBe('Not all of them can be released.')
  await expect(verify(only('none'))).rejects.toMatchObject({ ending: 'no' })
})

it('without a secret only what was verified when it came can be judged, and the variable is named', async () => {
  const { document, text } = await verify({}, LATER, config)
  expect(document).toMatchObject({ releasable: 1 })
  expect(text(PLAIN)).toMatch(/set\s+POINTS_WEBHOOK_SECRET, POINTS_WEBHOOK_SECRETS or WEBHOOK_SECRETS_PATH/)
})

it('nothing that does not verify is released, also where it is named', async () => {
  const { ids, topics } = scene
  const named = only(ids.stranger, ids.secretless, ids.cut)
  const { document, problem } = await release(named)
  expect(document).toMatchObject({ released: 0, not_releasable: 3 })
  expect(problem).toContain('3 cannot be released')
  expect(await recordsOf(topics.hc)).toEqual([])
})

it('what verifies is in the topic of its source byte for byte, oldest first, marked; once', async () => {
  const { ids, topics, bodies } = scene
  const stopped = await release({}, { watched: watching(AbortSignal.abort()) })
  expect(stopped).toMatchObject({ document: { released: 0, left: 2, interrupted: true } })
  expect(stopped.problem).toContain('Stopped, 2 left.')

  expect((await release({}, { limit: 1 })).document).toMatchObject({ released: 1, left: 1, not_releasable: 5 })
  const second = await release()
  expect(second).toMatchObject({ document: { released: 1, left: 0, requests: [{ marked: true }] } })
  expect(second.problem).toBeUndefined()
  expect((await release()).document).toMatchObject({ released: 0, requests: [] })

  const events = (await recordsOf(topics.points)).map(({ value }) => decodeRecord(Buffer.from(value)))
  expect(events.map(({ body }) => body)).toEqual([bodies.approved, bodies.captured])
  for (const event of events) {
    expect(Date.parse(event.received_at)).toBeLessThan(SOON)
    expect(event.headers).toMatchObject({
      'x-hookline-released-at': new Date(SOON).toISOString(),
      'x-hookline-secret-id': 'new',
    })
  }
  expect((await list({ state: 'released' })).document).toMatchObject({
    requests: expect.arrayContaining([
      expect.objectContaining({
        request_id: ids.approved,
        released: { at: new Date(SOON).toISOString(), topic: topics.points, order_id: 'late-order' },
      }),
    ]),
  })
  expect((await list({ state: 'open' })).document).toMatchObject({ requests: { length: 5 } })
})

it('what lay ahead is released once its time has come, without any secret', async () => {
  const { ids, topics } = scene
  expect((await release(only(ids.ahead), { by: config })).document).toMatchObject({ released: 0 })
  expect((await release(only(ids.ahead), { by: config, now: LATER })).document).toMatchObject({ released: 1 })
  expect(await recordsOf(topics.hc)).toHaveLength(1)
})

it('a topic that takes nothing stops no other, and a topic that is absent is told', async () => {
  const { ids, topics, place } = scene
  await removeTopics([topics.points])
  const { document, problem } = await release(only(ids.approved, ids.ahead), { now: LATER })
  expect(document).toMatchObject({
    released: 1,
    failed: 1,
    requests: [
      { request_id: ids.approved, released: false },
      { request_id: ids.ahead, released: true, topic: topics.hc },
    ],
  })
  expect(problem).toContain('1 could not be released')
  await expect(
    quarantineList(config, { selection: {}, limit: 1, now: SOON }, { ...place, topic: 'none' }),
  ).rejects.toMatchObject({ message: 'Kafka has no topic none: `hookline topics apply`.' })
})
