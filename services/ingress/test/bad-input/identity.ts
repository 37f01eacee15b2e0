import { answered } from './row.ts'
import type { BadInput } from './row.ts'
import { post } from './senders.ts'
import type { Sender } from './senders.ts'

const MALFORMED = [undefined, null, 7, true, ['a'], { a: 1 }, '']
const NOT_USABLE = [
  'x'.repeat(10_000),
  'x'.repeat(129),
  'a\nb',
  'a b',
  'a\0b',
  '😀',
  'é',
  '../a',
  '..',
  'a/b',
  '$where',
  'toString',
  'constructor',
  '__proto__',
]
const EVENTS = ['hasOwnProperty', 'Approved', 'approved ', ' approved', 'a-b', '1a', '$set', 'x'.repeat(65)]

export function identity(sender: Sender): BadInput[] {
  const { source, fields } = sender
  const to = (statusCode: number, code: string) => answered(statusCode, code, source)
  const ofOrder = (id: unknown) => post(sender, { body: sender.body(sender.order({ [fields.orderId]: id })) })
  const ofRoot = (name: string, value: unknown) => post(sender, { body: sender.body({ [name]: value }) })
  const named = (value: unknown) => (JSON.stringify(value) ?? 'missing').slice(0, 20)
  return [
    ...MALFORMED.map(id => to(400, 'invalid_order_id')(`order id ${named(id)}`, ofOrder(id))),
    ...NOT_USABLE.map(id => to(422, 'invalid_order_id')(`order id ${named(id)}`, ofOrder(id))),
    ...[undefined, null, 7, 'x', []].map(order =>
      to(400, 'invalid_order_id')(`order ${named(order)}`, ofRoot(fields.order, order)),
    ),
    ...MALFORMED.map(event => to(400, 'invalid_event')(`event ${named(event)}`, ofRoot(fields.event, event))),
    ...EVENTS.map(event => to(422, 'invalid_event')(`event ${named(event)}`, ofRoot(fields.event, event))),
    ...(source === 'points' ? inItsHeader(sender) : [...eventId(sender), ...store(sender)]),
  ]
}

/** Points names the event in a header as well. */
function inItsHeader(sender: Sender): BadInput[] {
  const mismatch = answered(400, 'event_mismatch', sender.source)
  const named = (value: string | readonly string[]) => post(sender, { headers: { 'x-webhook-event': value } })
  return [
    mismatch('event other than in its header', named('cancelled')),
    mismatch('event in another case than in its header', named('Approved')),
    mismatch('an empty event header', named('')),
    mismatch('event header twice', named(['approved', 'approved'])),
  ]
}

function eventId(sender: Sender): BadInput[] {
  const of = (id: unknown) => post(sender, { body: sender.body({ id }) })
  const named = (id: unknown) => `event id ${(JSON.stringify(id) ?? 'missing').slice(0, 20)}`
  return [
    ...MALFORMED.map(id => answered(400, 'invalid_event_id', sender.source)(named(id), of(id))),
    ...NOT_USABLE.map(id => answered(422, 'invalid_event_id', sender.source)(named(id), of(id))),
  ]
}

function store(sender: Sender): BadInput[] {
  const mismatch = answered(422, 'store_mismatch', sender.source)
  const field = sender.source === 'hc' ? 'store_id' : 'branch'
  return ['store_2', null, undefined, ['store_1'], ''].map(value =>
    mismatch(`store ${JSON.stringify(value) ?? 'missing'}`, post(sender, { body: sender.body({ [field]: value }) })),
  )
}
