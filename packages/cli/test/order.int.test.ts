import { sampleEntry, sampleNewEvent, sampleOrder, sampleVersion } from '@hookline/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ownInstallation } from './installation.ts'
import { hookline } from './process.ts'
import { openStore } from './stored.ts'

const { env, services, dropDatabases } = ownInstallation(['erp', 'mail', 'wms'])
const [erp = '', mail = '', wms = ''] = services
const SECRET_WORD = 'someone@example.org'

beforeAll(async () => {
  const atErp = await openStore(erp)
  const event = (name: string, n: number) =>
    sampleNewEvent({ event: name, version: sampleVersion(n), body: SECRET_WORD, headers: { 'x-a': SECRET_WORD } })
  const [done, open] = await atErp.inbox.accept([event('approved', 1), event('cancelled', 2)])
  await atErp.inbox.finish([{ ids: [done?.id ?? ''], state: 'done' }])
  const lane = [sampleEntry({ id: open?.id ?? '', event: 'cancelled', tries: 1, last_error: 'erp answered 503' }, 2)]
  const wake_at = atErp.clock.now() + 3_600_000
  await atErp.orders.write([{ key: 'points:order-1', before: undefined, after: sampleOrder({ lane, wake_at }) }])
  await atErp.close()

  const atMail = await openStore(mail)
  const [sent] = await atMail.inbox.accept([sampleNewEvent({}, ['status'])])
  await atMail.inbox.finish([{ ids: [sent?.id ?? ''], state: 'done', note: 'no_recipient' }])
  await atMail.close()
})
afterAll(dropDatabases)

it('an order is one JSON document on stdout: each service, each event, its state and why', async () => {
  const { stdout, stderr, exitCode } = await hookline(['order', 'order-1', '--json'], env)
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
  const document: unknown = JSON.parse(stdout)
  expect(document).toMatchObject({
    order_id: 'order-1',
    services: {
      [erp]: {
        events: [
          {
            event: 'approved',
            version: sampleVersion(1),
            state: 'done',
            effects: ['order'],
            reason: null,
            next_at: null,
          },
          {
            event: 'cancelled',
            version: sampleVersion(2),
            state: 'retrying',
            effects: ['order'],
            reason: 'erp answered 503',
            next_at: expect.stringMatching(/^\d{4}-.*Z$/),
          },
        ],
      },
      [mail]: { events: [{ event: 'approved', state: 'done', reason: 'no_recipient', effects: ['status'] }] },
      [wms]: { orders: [], events: [] },
    },
  })
  expect(stdout).not.toContain(SECRET_WORD)
})

it('for people it is a text without colours when piped, and without anything of the body', async () => {
  const { stdout, exitCode } = await hookline(['order', 'order-1'], { ...env, CI: 'true' })
  expect(exitCode).toBe(0)
  expect(stdout).toContain(`${erp} (points): 1 done, 1 retrying\n`)
  expect(stdout).toMatch(/erp answered 503; next attempt .* UTC \(in 60\s+min\)/)
  expect(stdout).toContain(`${wms}: nothing of this order has come here\n`)
  expect(stdout).not.toContain('\u001b')
  expect(stdout).not.toContain(SECRET_WORD)
})

it('an order that nobody knows is exit code 1 with what to do, and still one JSON document', async () => {
  const { stdout, stderr, exitCode } = await hookline(['order', 'order-2', '--json'], env)
  expect(exitCode).toBe(1)
  expect(stderr).toContain(`None of ${services.join(', ')} knows an order "order-2"`)
  expect(JSON.parse(stdout)).toMatchObject({ order_id: 'order-2', services: { [erp]: { events: [] } } })
})
