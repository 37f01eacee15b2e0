import { expect, test } from 'vitest'
import type { SecretsBySource } from '../src/secrets/secret.ts'
import { answerTo } from '../src/secrets/window.ts'
import { declaredSources } from '../src/sources/declared-sources.ts'
import { openSources } from '../src/sources/open-sources.ts'
import { FAILURES } from '../src/verifiers/verifier.ts'
import { hc, hcBody, points, signatureOf } from './requests.ts'
import { NOW, runningApp } from './running-app.ts'
import { secretOf } from './schemes.ts'

const MINUTE_MS = 60_000
const UNTIL = NOW + 30 * MINUTE_MS

const secret = (id: string, seed: number, over: object = {}) => {
  return { id, label: id, secret: secretOf(seed), notBefore: -Infinity, notAfter: Infinity, ...over }
}
const SECRETS: SecretsBySource = new Map([
  [
    'points',
    {
      secrets: [
        secret('known', 1),
        secret('over', 2, { notAfter: NOW - MINUTE_MS }),
        secret('planned', 3, { notBefore: UNTIL + MINUTE_MS }),
      ],
      rotatingUntil: UNTIL,
    },
  ],
  ['hc', { secrets: [secret('known', 1)], rotatingUntil: -Infinity }],
])

async function rotating() {
  const clock = { now: NOW }
  const sources = openSources({ declared: declaredSources, secrets: SECRETS, values: {} })
  const ingress = await runningApp(async () => undefined, { sources, secrets: () => SECRETS, now: () => clock.now })
  const asked = async (headers: Readonly<Record<string, string | readonly string[] | undefined>>) => {
    const answer = await ingress.ask(points({ headers }))
    const { code }: { code?: string } = JSON.parse(answer?.body ?? '{}')
    return [answer?.statusCode, code, answer?.headers['retry-after']]
  }
  return { ingress, clock, asked, made: (seed: number) => asked({ 'x-webhook-secret': secretOf(seed) }) }
}

test('in a rotation window an unknown secret is answered 503 with Retry-After, and 401 again when it is over', async () => {
  const { ingress, clock, made } = await rotating()
  expect(await made(9)).toEqual([503, 'rotating', '60'])
  expect(await made(3)).toEqual([503, 'rotating', '60'])
  expect(await made(1)).toEqual([200, undefined, undefined])
  expect(await ingress.metric('hookline_ingress_requests_total{source="points",outcome="rotating"}')).toBe(2)
  // it failed verification all the same
  const failed = 'hookline_webhooks_not_verified_total{source="points",reason="mismatch"}'
  expect(await ingress.metric(failed)).toBe(1)

  clock.now = UNTIL
  expect(await made(9)).toEqual([401, 'unauthenticated', undefined])
  expect(await made(3)).toEqual([401, 'unauthenticated', undefined])
  expect(await made(1)).toEqual([200, undefined, undefined])
  await ingress.app.close()
})

test('in it what has no usable secret, or one that is over, is 401: waiting would mend nothing', async () => {
  const { ingress, asked, made } = await rotating()
  expect(await made(2)).toEqual([401, 'unauthenticated', undefined])
  expect(await asked({ 'x-webhook-secret': undefined })).toEqual([401, 'unauthenticated', undefined])
  expect(await asked({ 'x-webhook-secret': '' })).toEqual([401, 'unauthenticated', undefined])
  expect(await asked({ 'x-webhook-secret': [secretOf(9), secretOf(8)] })).toEqual([401, 'unauthenticated', undefined])
  await ingress.app.close()
})

test('it is of one source: the others answer 401', async () => {
  const { ingress } = await rotating()
  const wrong = hc({ headers: { 'x-webhook-signature': signatureOf(hcBody(), secretOf(9)) } })
  expect((await ingress.ask(wrong))?.statusCode).toBe(401)
  await ingress.app.close()
})

test('without a window every failure is 401', () => {
  expect(FAILURES.map(reason => answerTo(reason, { rotating: false }))).toEqual(FAILURES.map(() => 'unauthenticated'))
})
