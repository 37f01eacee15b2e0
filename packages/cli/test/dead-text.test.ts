import { expect, it } from 'vitest'
import type { ListedDead } from '../src/commands/dead-list.ts'
import { deadText } from '../src/text/dead-text.ts'
import { PLAIN } from './plain-look.ts'

const dead: ListedDead = {
  service: 'erp-sync',
  source: 'points',
  order_id: '0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11',
  id: '1',
  event: 'refunded',
  version: '0',
  last_webhook_at: '2026-01-01T09:59:00.000Z',
  reason: 'permanent',
  dead_at: '2026-01-01T10:00:00.000Z',
  effects_to_do: ['order', 'entry'],
  tries: 1,
  lost_leases: 0,
  unsure: true,
  holds: true,
  last_error: 'erp answered 422',
}
const now = '2026-01-01T12:00:00.000Z'
const around = { look: PLAIN, services: ['erp-sync', 'email'] }

it('a dead event is told with its order, what is not done and why, within 80 columns', () => {
  const second: ListedDead = { ...dead, reason: 'used_up', tries: 40, unsure: false, holds: false }
  delete second.last_error
  const text = deadText({ now, dead: [dead, second], more: true }, around)
  expect(text).toBe(`DIED (UTC)           EVENT     REASON
2026-01-01 10:00:00  refunded  permanent
    erp-sync, order 0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11 (points), not done:
    order, entry; event id 1
    the target refused it for good (erp answered 422); 1 try; an attempt may
    have been executed all the same; nothing of its order passes it
2026-01-01 10:00:00  refunded  used_up
    erp-sync, order 0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11 (points), not done:
    order, entry; event id 1
    its attempts went on for too long without success; 40 tries
There are more: ask with a higher --limit.`)
})

it('where nothing is dead that is said', () => {
  expect(deadText({ now, dead: [], more: false }, around)).toBe('Nothing is dead in erp-sync, email.')
})
