import { sampleDead, sampleEntry, sampleOrder } from '@hookline/testkit'
import { expect, it } from 'vitest'
import { type EventStatus, type OrderRecord, statusOf } from '../src/index.ts'

const NOW = Date.UTC(2026, 0, 1, 12)
const LATER = NOW + 5_000

const approved = sampleEntry({ event: 'approved' }, 1)
const captured = sampleEntry({ event: 'captured' }, 2)
const created = sampleEntry({ event: 'order.created', creating: true }, 3)
const held = sampleDead({ event: 'cancelled', unsure: true, reason: 'used_up' }, 4)

const of = ({ id }: { id: string }) => ({ id, state: 'open' as const })
const order = (fields: Partial<OrderRecord>) => sampleOrder(fields)

const rows: [string, Parameters<typeof statusOf>[0], OrderRecord | undefined, EventStatus][] = [
  ['what the inbox says is done is done', { id: 'x', state: 'done' }, order({}), { state: 'done' }],
  [
    'what is done is done though its lane was not released yet',
    { id: approved.id, state: 'done' },
    order({ owner: 't', lane: [{ ...approved, begun: true }] }),
    { state: 'done' },
  ],
  [
    'what a handler said of it is the reason',
    { id: 'x', state: 'done', note: 'no_recipient' },
    undefined,
    { state: 'done', reason: 'no_recipient' },
  ],
  ['what the inbox says is stale is stale', { id: 'x', state: 'stale' }, order({}), { state: 'stale' }],
  ['what was given up is dead for its reason', of(held), order({ dead: [held] }), { state: 'dead', reason: 'used_up' }],
  [
    'what its owner has begun is running',
    of(approved),
    order({ owner: 't', wake_at: LATER, lane: [{ ...approved, begun: true }] }),
    { state: 'running' },
  ],
  [
    'what is running under a lease that ended says so',
    of(approved),
    order({ owner: 't', wake_at: NOW, lane: [{ ...approved, begun: true }] }),
    { state: 'running', reason: 'its worker lost the lease, another takes over', nextAt: NOW },
  ],
  [
    'what backs off says the last error and when it is tried again',
    of(approved),
    order({ wake_at: LATER, lane: [{ ...approved, last_error: 'status 503' }] }),
    { state: 'retrying', reason: 'status 503', nextAt: LATER },
  ],
  [
    'what was redriven and not tried yet waits',
    of(approved),
    order({ wake_at: LATER, lane: [approved] }),
    { state: 'retrying', reason: 'waits for its next attempt', nextAt: LATER },
  ],
  [
    'what comes after one that backs off waits behind it',
    of(captured),
    order({ wake_at: LATER, lane: [captured, approved] }),
    { state: 'retrying', reason: 'waits behind approved', nextAt: LATER },
  ],
  [
    'what comes before an unsure one waits behind it',
    of(approved),
    order({ wake_at: LATER, lane: [approved, { ...captured, unsure: true }] }),
    { state: 'retrying', reason: 'waits behind captured', nextAt: LATER },
  ],
  [
    'what came while its order was owned waits behind what runs, for no known time',
    of(approved),
    order({ owner: 't', wake_at: LATER, lane: [approved, { ...captured, begun: true }] }),
    { state: 'retrying', reason: 'waits behind captured' },
  ],
  [
    'what a dead entry holds back says which',
    of(approved),
    order({ dead: [held], lane: [approved] }),
    { state: 'retrying', reason: 'held by dead cancelled' },
  ],
  [
    'an effect that holds while dead holds back too',
    of(approved),
    order({ dead: [sampleDead({ event: 'cancelled', effects: [{ name: 'x', hold: true }] }, 4)], lane: [approved] }),
    { state: 'retrying', reason: 'held by dead cancelled' },
  ],
  [
    'a dead entry that holds nothing is passed',
    of(approved),
    order({ wake_at: LATER, dead: [sampleDead({}, 4)], lane: [{ ...approved, last_error: 'x' }] }),
    { state: 'retrying', reason: 'x', nextAt: LATER },
  ],
  [
    'what came before its order is known is parked until the park limit',
    of(approved),
    order({ known: false, wake_at: LATER, lane: [approved] }),
    { state: 'parked', reason: 'waits for order.created', nextAt: LATER },
  ],
  [
    'what waits for a creating event that backs off is parked',
    of(approved),
    order({ known: false, wake_at: LATER, lane: [approved, { ...created, last_error: 'status 503' }] }),
    { state: 'parked', reason: 'waits for order.created', nextAt: LATER },
  ],
  [
    'the creating event that backs off is retrying',
    of(created),
    order({ known: false, wake_at: LATER, lane: [approved, { ...created, last_error: 'status 503' }] }),
    { state: 'retrying', reason: 'status 503', nextAt: LATER },
  ],
  [
    'what waits for a creating event that runs is parked, for no known time',
    of(approved),
    order({ known: false, owner: 't', wake_at: LATER, lane: [approved, { ...created, begun: true }] }),
    { state: 'parked', reason: 'waits for order.created' },
  ],
  [
    'what waits for a creating event that is dead says so',
    of(approved),
    order({
      known: false,
      wake_at: LATER,
      lane: [approved],
      dead: [sampleDead({ event: 'order.made', creating: true }, 5)],
    }),
    { state: 'parked', reason: 'waits for order.made, which is dead', nextAt: LATER },
  ],
  [
    'what is open and in no record yet is about to be',
    of(approved),
    undefined,
    { state: 'retrying', reason: 'is not in the lane of its order yet' },
  ],
  [
    'what is open and not in its record yet is about to be',
    of(approved),
    order({}),
    { state: 'retrying', reason: 'is not in the lane of its order yet' },
  ],
]

it.each(rows)('%s', (_, event, record, status) => {
  expect(statusOf(event, record, NOW)).toEqual(status)
})
