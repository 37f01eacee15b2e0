import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import {
  asyncapiDocument,
  type BreakingChange,
  breakingChanges,
  catalogues,
  type EventRule,
  type HandledBy,
  type Senders,
  type SourceCatalogue,
  type Subject,
} from '../src/index.ts'

const sold: EventRule = { ...catalogues.points.unknown, mayRepeat: false, rank: { implied: 10, plus: 0 } }
const returned: EventRule = { ...sold, mayRepeat: true, rank: { implied: 20, plus: 0 } }
const shop: SourceCatalogue = {
  ...catalogues.points,
  source: 'shop',
  topic: 'shop.webhook',
  events: { sold, returned },
  families: [],
}
const fields = {
  event: Type.String(),
  total: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  customer: Type.Optional(Type.Object({ id: Type.String(), name: Type.Optional(Type.String()) })),
  lines: Type.Optional(Type.Array(Type.Object({ sku: Type.String() }))),
  kind: Type.Optional(Type.Union([Type.Literal('earning'), Type.Literal('replacing')])),
}
const { total: _total, ...withoutTotal } = fields
const { customer: _customer, ...withoutCustomer } = fields

const handlers: readonly HandledBy[] = [
  { service: 'ledger', source: 'shop', event: 'sold', effects: ['entry'] },
  { service: 'ledger', source: 'shop', event: 'returned', effects: ['entry'] },
  { service: 'mailer', source: 'shop', event: 'sold', effects: ['mail'] },
]

const senders = (source: Partial<SourceCatalogue>, body: Record<string, Parameters<typeof Type.Object>[0][string]>) =>
  ({
    catalogues: { shop: { ...shop, ...source } },
    bodies: { shop: { body: Type.Object(body), subjects: {} } },
  }) satisfies Senders

const before = asyncapiDocument(handlers, senders({}, fields))

/** What breaks, in short: `kind event field: services`. */
function broken(source: Partial<SourceCatalogue>, body: Parameters<typeof senders>[1] = fields): string[] {
  return breakingChanges(before, asyncapiDocument([], senders(source, body)), []).map(short)
}

function short({ kind, event, field = '-', services }: BreakingChange): string {
  return `${kind} ${event} ${field}: ${services.join(' ') || 'nobody'}`
}

/** A change that meets every event of the source. */
const every = (kind: string, field: string) => [
  `${kind} sold ${field}: ledger mailer`,
  `${kind} returned ${field}: ledger`,
  `${kind} * ${field}: nobody`,
]

describe('a change breaks readers where', () => {
  const { sold: _, ...withoutSold } = shop.events

  test.each<[string, Partial<SourceCatalogue>, string[]]>([
    ['an event is gone', { events: { returned } }, ['event_removed sold -: ledger mailer']],
    [
      'an event has another name',
      { events: { ...withoutSold, bought: sold } },
      ['event_renamed sold -: ledger mailer'],
    ],
    ['the topic is another one', { topic: 'shop.events' }, every('topic_changed', 'topic')],
    [
      'an event that happened once may repeat',
      { events: { sold: { ...sold, mayRepeat: true }, returned } },
      ['identity_changed sold may_repeat: ledger mailer'],
    ],
    [
      'the order id is elsewhere',
      { events: { sold, returned: { ...returned, orderIdAt: [['order', 'number']] } } },
      ['identity_changed returned order_id_at: ledger'],
    ],
    [
      'another place is looked at for the order id first',
      { events: { sold: { ...sold, orderIdAt: [['id'], ['order', 'id']] }, returned } },
      ['identity_changed sold order_id_at: ledger mailer'],
    ],
    [
      'the occurrence is made of something else',
      { occurrence: { from: 'event_id', at: ['id'] } },
      every('identity_changed', 'occurrence'),
    ],
    ['the digest is over other fields', { stableFields: ['order'] }, every('identity_changed', 'stable_fields')],
    [
      'a rank is another one',
      { events: { sold: { ...sold, rank: { implied: 11, plus: 0 } }, returned } },
      ['version_changed sold rank: ledger mailer'],
    ],
    [
      "a status' rank is another one",
      { statusRank: { at: ['order', 'order_status'], ranks: { new: 1 } } },
      every('version_changed', 'status_rank'),
    ],
    ["the event's time is elsewhere", { timeAt: ['order', 'updated_at'] }, every('version_changed', 'time_at')],
    [
      'an event carries the order no more',
      { events: { sold: { ...sold, carries: ['fact'] }, returned } },
      ['meaning_changed sold carries: ledger mailer'],
    ],
    [
      'an event waits that did not',
      { events: { sold, returned: { ...returned, prerequisite: 'requires' } } },
      ['meaning_changed returned prerequisite: ledger'],
    ],
    [
      'an event tells of something else',
      { events: { sold, returned: { ...returned, subject: 'return' } } },
      ['meaning_changed returned subject: ledger'],
    ],
    [
      'the rule for unknown names is another one',
      { unknown: { ...shop.unknown, mayRepeat: false } },
      ['identity_changed * may_repeat: nobody'],
    ],
  ])('%s', (_name, source, expected) => {
    expect(broken(source)).toEqual(expected)
  })

  test('a sender is gone', () => {
    const none = asyncapiDocument([], { catalogues: {}, bodies: {} })
    expect(breakingChanges(before, none, []).map(short)).toEqual(every('event_removed', '-'))
  })

  test.each<[string, Parameters<typeof senders>[1], string[]]>([
    ['a field is gone', withoutTotal, every('field_removed', 'data.total')],
    ['an object is gone: it is told, not all that was in it', withoutCustomer, every('field_removed', 'data.customer')],
    [
      'a field of an object is gone',
      { ...fields, customer: Type.Optional(Type.Object({ id: Type.String() })) },
      every('field_removed', 'data.customer.name'),
    ],
    [
      'a field of a list item is gone',
      { ...fields, lines: Type.Optional(Type.Array(Type.Object({}))) },
      every('field_removed', 'data.lines.[].sku'),
    ],
    ['a type is narrower', { ...fields, total: Type.Optional(Type.String()) }, every('type_changed', 'data.total')],
    [
      'a type is wider',
      { ...fields, total: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()])) },
      every('type_changed', 'data.total'),
    ],
    ['a type is another one', { ...fields, event: Type.Number() }, every('type_changed', 'data.event')],
    [
      'a value of a closed list is gone',
      { ...fields, kind: Type.Optional(Type.Literal('earning')) },
      every('type_changed', 'data.kind'),
    ],
    [
      'a text must have a form that it need not have',
      { ...fields, event: Type.String({ pattern: '^s' }) },
      every('type_changed', 'data.event'),
    ],
    [
      'a required field is optional',
      { ...fields, event: Type.Optional(Type.String()) },
      every('no_longer_certain', 'data.event'),
    ],
    [
      'an optional field is required, as records without it could not be read',
      { ...fields, total: Type.Union([Type.String(), Type.Null()]) },
      every('newly_required', 'data.total'),
    ],
    ['a new field is required', { ...fields, currency: Type.String() }, every('newly_required', 'data.currency')],
  ])('%s', (_name, body, expected) => {
    expect(broken({}, body)).toEqual(expected)
  })

  test('unknown fields are refused', () => {
    const body = Type.Object(fields, { additionalProperties: false })
    const closed = { catalogues: { shop }, bodies: { shop: { body, subjects: {} } } }
    const changes = breakingChanges(before, asyncapiDocument([], closed), [])
    expect(changes.map(short)).toEqual(every('type_changed', 'data'))
  })
})

describe('nobody breaks by', () => {
  test.each<[string, Partial<SourceCatalogue>]>([
    ['no change', {}],
    ['a new event', { events: { ...shop.events, packed: sold } }],
    ['a new family', { families: [{ prefix: 'stock.', rule: shop.unknown }] }],
    [
      'one more place to look for an order id',
      { events: { sold: { ...sold, orderIdAt: [['order', 'id'], ['id']] }, returned } },
    ],
    ['an event that carries more', { events: { sold: { ...sold, carries: ['snapshot', 'fact'] }, returned } }],
    ['a longer time-out', { senderTimeoutMs: 60_000, retryHorizonMs: 1 }],
    ['events in another order', { events: { returned, sold } }],
  ])('%s', (_name, source) => {
    expect(broken(source)).toEqual([])
  })

  test.each<[string, Parameters<typeof senders>[1]]>([
    ['a new optional field', { ...fields, note: Type.Optional(Type.String()) }],
    [
      'a new optional object, whatever is required in it',
      { ...fields, delivery: Type.Optional(Type.Object({ at: Type.String() })) },
    ],
    ['a description', { ...fields, event: Type.String({ description: 'what happened' }) }],
  ])('%s', (_name, body) => {
    expect(broken({}, body)).toEqual([])
  })

  test('a new sender', () => {
    const other = { ...shop, source: 'other', topic: 'other.webhook' }
    const after = asyncapiDocument([], { catalogues: { shop, other }, bodies: senders({}, fields).bodies })
    expect(breakingChanges(before, after, [])).toEqual([])
  })
})

describe('a field of one kind of subject', () => {
  const subjects = { order: Type.Object({ id: Type.String() }), return: Type.Object({ reason: optionalText() }) }
  const documentWith = (of: Senders['bodies'][string]['subjects']) => {
    const events = { sold, returned: { ...returned, subject: 'return' as const } }
    const body = Type.Object({ event: Type.String(), order: Type.Object({}) })
    return asyncapiDocument(handlers, {
      catalogues: { shop: { ...shop, events } },
      bodies: { shop: { body, subjects: of } },
    })
  }

  test('breaks the readers of the events that tell of it, and nobody else, where it is gone', () => {
    const gone = documentWith({ ...subjects, return: Type.Object({}) })
    expect(breakingChanges(documentWith(subjects), gone, []).map(short)).toEqual([
      'field_removed returned data.order.reason: ledger',
    ])
    const orderGone = documentWith({ ...subjects, order: Type.Object({}) })
    expect(breakingChanges(documentWith(subjects), orderGone, []).map(short)).toEqual([
      'field_removed sold data.order.id: ledger mailer',
      'field_removed * data.order.id: nobody',
    ])
  })

  test('breaks nobody where it is new and optional', () => {
    const more = documentWith({ ...subjects, return: Type.Object({ reason: optionalText(), note: optionalText() }) })
    expect(breakingChanges(documentWith(subjects), more, [])).toEqual([])
  })

  test('breaks nobody where nobody had described what the event tells of', () => {
    const document = (subject: Subject) => {
      const events = { sold, returned: { ...returned, subject } }
      return asyncapiDocument(handlers, { catalogues: { shop: { ...shop, events } }, bodies: {} })
    }
    expect(breakingChanges(document('other'), document('return'), [])).toEqual([])
    expect(breakingChanges(document('return'), document('other'), []).map(short)).toEqual([
      'meaning_changed returned subject: ledger',
    ])
    expect(breakingChanges(documentWith({}), documentWith({ return: subjects.return }), [])).toEqual([])
  })
})

test('a document from before events said what they tell of is compared as the others are', () => {
  const older = structuredClone(before)
  for (const { 'x-event-rules': rules } of Object.values(older.channels.shop!.messages)) delete rules.subject
  expect(breakingChanges(older, before, [])).toEqual([])
})

test('who handles an event only now is named beside who did before', () => {
  const now: HandledBy[] = [{ service: 'archive', source: 'shop', event: 'returned', effects: ['keep'] }]
  const changes = breakingChanges(before, asyncapiDocument([], senders({ events: { sold } }, fields)), now)
  expect(changes).toEqual([
    {
      kind: 'event_removed',
      source: 'shop',
      event: 'returned',
      before: 'returned',
      after: '',
      services: ['archive', 'ledger'],
    },
  ])
})

test('a type that changed is told as it was and as it is', () => {
  const after = asyncapiDocument([], senders({}, { ...fields, total: Type.Optional(Type.Integer()) }))
  expect(breakingChanges(before, after, [])[0]).toMatchObject({ before: 'null or string', after: 'integer' })
})

function optionalText() {
  return Type.Optional(Type.String())
}
