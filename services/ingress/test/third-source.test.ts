import { decodeRecord } from '@hookline/contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { declaredSources } from '../src/sources/declared-sources.ts'
import { sourceVariables } from '../src/sources/variables.ts'
import { bytesOf, HC_SECRET, points, POINTS_SECRET } from './requests.ts'
import { opened, runningApp } from './running-app.ts'
import { secretOf, standardHeaders } from './schemes.ts'
import { shop, shopBody } from './shop.ts'

const declared = [...declaredSources, shop]
const published: { topic: string; key: string; value: Buffer }[] = []
let ingress: Awaited<ReturnType<typeof runningApp>>

beforeAll(async () => {
  const sources = opened(
    {
      POINTS_WEBHOOK_SECRET: POINTS_SECRET,
      HC_WEBHOOK_SECRET: HC_SECRET,
      SIDE_SHOP_WEBHOOK_SECRET: secretOf(1),
      SIDE_SHOP_STORE_ID: 'riyadh',
    },
    declared,
  )
  ingress = await runningApp(async (topic, { key, value }) => published.push({ topic, key, value }), { sources })
})
beforeEach(() => {
  published.length = 0
})
afterAll(() => ingress.app.close())

function post(body: Buffer, secret = secretOf(1), over: Readonly<Record<string, string>> = {}) {
  const headers = standardHeaders(body, [secret])
  const pairs = [0, 2, 4].map(at => [headers[at] ?? '', headers[at + 1] ?? ''])
  const fields = { 'content-type': 'application/json', ...Object.fromEntries(pairs), ...over }
  return ingress.ask(bytesOf({ path: '/webhooks/side-shop', headers: fields, body }))
}

test('a third sender is a declaration and a secret: its webhook is in its topic under its order id', async () => {
  const body = shopBody()
  expect((await post(body))?.statusCode).toBe(200)
  expect(published).toMatchObject([{ topic: 'side-shop.webhook', key: 'so-1' }])
  const event = decodeRecord(published[0]?.value ?? null)
  expect(event).toMatchObject({ source: 'side-shop', event: 'placed', occurrence: 'ev_1', body: body.toString() })
})

test('the others go on beside it', async () => {
  expect((await ingress.ask(points()))?.statusCode).toBe(200)
  expect(published).toMatchObject([{ topic: 'points.webhook' }])
})

test('it has its own verifier, limit, store and path', async () => {
  const codes = [
    await post(shopBody(), secretOf(2)),
    await post(shopBody(), secretOf(1), { 'webhook-timestamp': '1772359200' }),
    await post(shopBody({ padding: 'x'.repeat(4_096) })),
    await post(shopBody({ branch: 'jeddah' })),
    await post(shopBody({ payload: {} })),
    await ingress.ask(bytesOf({ method: 'GET', path: '/webhooks/side-shop' })),
    await ingress.ask(bytesOf({ path: '/webhooks/side_shop' })),
  ].map(answer => answer?.statusCode)
  expect(codes).toEqual([401, 401, 413, 422, 400, 405, 404])
  expect(published.filter(({ topic }) => topic !== 'webhook.rejected')).toEqual([])
})

test('it has its own series and variables', async () => {
  await post(shopBody())
  expect(await ingress.metric('hookline_webhooks_verified_total{source="side-shop",secret="env"}')).toBeGreaterThan(0)
  expect(Object.keys(sourceVariables(declared)).filter(name => name.startsWith('SIDE_SHOP_'))).toEqual([
    'SIDE_SHOP_WEBHOOK_SECRET',
    'SIDE_SHOP_WEBHOOK_SECRETS',
    'SIDE_SHOP_ROTATING_UNTIL',
    'SIDE_SHOP_STORE_ID',
  ])
})
