import { sampleDead, sampleOrder } from '@hookline/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deadList, type DeadDocument } from '../src/commands/dead-list.ts'
import { ownInstallation } from './installation.ts'
import { PLAIN } from './plain-look.ts'
import { openStore } from './stored.ts'

const { config, services, dropDatabases } = ownInstallation()
const [erp = '', mail = ''] = services
const ANSWER = 'no: someone@example.org is unknown'

beforeAll(async () => {
  const died = [
    { service: erp, order: 'a', event: 'first', dead_at: 1_000 },
    { service: mail, order: 'b', event: 'second', dead_at: 2_000 },
    { service: erp, order: 'c', event: 'third', dead_at: 3_000 },
  ]
  for (const service of services) {
    const { orders, close } = await openStore(service)
    for (const [n, { order, ...dead }] of died.entries()) {
      if (dead.service !== service) continue
      const { event, dead_at } = dead
      const after = sampleOrder({
        dead: [sampleDead({ event, dead_at, last_error: 'answered 422', answer: ANSWER }, n)],
      })
      await orders.write([{ key: `points:${order}`, before: undefined, after }])
    }
    await close()
  }
})
afterAll(dropDatabases)

const list = async (options: Parameters<typeof deadList>[1]) => {
  const { document, text } = await deadList(config, options)
  return { ...(document as DeadDocument), text: text(PLAIN) }
}

it('what died last comes first, over all services', async () => {
  const { dead, more } = await list({ limit: 20 })
  expect(dead.map(({ service, order_id, event }) => [service, order_id, event])).toEqual([
    [erp, 'c', 'third'],
    [mail, 'b', 'second'],
    [erp, 'a', 'first'],
  ])
  expect(more).toBe(false)
})

it('a limit is kept over all services together, and that there are more is said', async () => {
  const { dead, more, text } = await list({ limit: 2 })
  expect([dead.length, more]).toEqual([2, true])
  expect(text).toContain('There are more')
})

it('one service alone is listed when it is asked for', async () => {
  const { dead, more } = await list({ limit: 1, service: mail })
  expect([dead.map(({ event }) => event), more]).toEqual([['second'], false])
})

it("the target's answer is not shown: it may tell what the customer sent", async () => {
  const { text, dead } = await list({ limit: 20 })
  expect(text).toContain('answered 422')
  expect(text + JSON.stringify(dead)).not.toContain('someone@example.org')
})
