import { readFileSync } from 'node:fs'
import asyncapi from '@asyncapi/specs'
import { Ajv, type AnySchemaObject } from 'ajv'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  asyncapiDocument,
  catalogues,
  type ContractDocument,
  encodeRecord,
  type SourceCatalogue,
  type SourceName,
} from '../src/index.ts'
import { eventOf, hcBody, ORDER_ID, pointsBody, read } from './deliveries.ts'

const committed: ContractDocument = parse(readFileSync(new URL('../../../docs/asyncapi.yaml', import.meta.url), 'utf8'))

// AsyncAPI's schema brings the schema of schemas with it
const ajvOfAsyncapi = formats.default(new Ajv({ strict: false, meta: false, validateSchema: false }))
const isAsyncapi = ajvOfAsyncapi.compile(asyncapi.schemas['3.0.0'] as AnySchemaObject)

const ajv = formats.default(new Ajv({ strict: false }))
const messages = Object.entries(committed.channels).flatMap(([source, channel]) =>
  Object.values(channel.messages).map(({ name, payload }) => ({
    source,
    name,
    fits: ajv.compile({ ...payload, components: committed.components }),
  })),
)

function faults(document: unknown): unknown {
  return isAsyncapi(document) ? [] : isAsyncapi.errors
}

/** Every reference in a document, as the names to follow. */
function references(value: unknown): string[][] {
  if (Array.isArray(value)) return value.flatMap(references)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' ? [String(inner).replace('#/', '').split('/')] : references(inner),
  )
}

function isThere(document: unknown, names: readonly string[]): boolean {
  let at: unknown = document
  for (const name of names) at = (at as Record<string, unknown> | undefined)?.[name]
  return at !== undefined
}

/** The messages of its channel that a record fits. */
function fitting(source: string, value: unknown): string[] {
  return messages.filter(message => message.source === source && message.fits(value)).map(({ name }) => name)
}

const names = (source: SourceName) => Object.keys(catalogues[source].events)
const records: [SourceName, string, string][] = [
  ...names('points').map((name): [SourceName, string, string] => ['points', name, name]),
  ...names('hc').map((name): [SourceName, string, string] => ['hc', name, name]),
  ['points', 'some_new_event', '*'],
  ['hc', 'order.archived', 'order.*'],
  ['hc', 'product.updated', 'product.*'],
  ['hc', 'fulfillment.lost', 'fulfillment.*'],
  ['hc', 'dispute.opened', '*'],
]

function recordOf(source: SourceName, event: string): Record<string, unknown> {
  const body =
    source === 'points' ? pointsBody(event) : hcBody(event, { id: 'x-1', order_id: ORDER_ID, order: { id: ORDER_ID } })
  return JSON.parse(encodeRecord(eventOf(read(source, body))).value.toString())
}

describe('the committed contract', () => {
  test('is an AsyncAPI 3.0 document', () => {
    expect(faults(committed)).toEqual([])
    // so that the check is known to see something
    expect(faults({ ...committed, operations: { x: { action: 'listen' } } })).not.toEqual([])
  })

  test('refers to nothing that is not in it', () => {
    const all = references(committed)
    expect(all.length).toBeGreaterThan(100)
    expect(all.filter(names => !isThere(committed, names))).toEqual([])
  })

  test.each(records)('describes the record of %s %s in one message, %s', (source, event, message) => {
    expect(fitting(source, recordOf(source, event))).toEqual([message])
  })

  test('each message has the schema of what its event tells of', () => {
    const dataOf = (source: string, key: string) =>
      references(committed.channels[source]?.messages[key]?.payload).map(names => names.at(-1))
    expect(dataOf('points', 'refunded')).toEqual(['record', 'points.order.body'])
    expect(dataOf('hc', 'payment.refunded')).toEqual(['record', 'hc.refund.body'])
    expect(dataOf('hc', 'any-other-fulfillment')).toEqual(['record', 'hc.fulfillment.body'])
    expect(dataOf('hc', 'any-other')).toEqual(['record', 'hc.other.body'])
  })

  test('a record with an unknown attribute and unknown fields fits as well', () => {
    const record = recordOf('points', 'approved')
    const data = { ...(record.data as object), brand_new: { deep: [1] } }
    expect(fitting('points', { ...record, traceparent: '00-ab', data })).toEqual(['approved'])
  })

  test('a record without what every reader needs fits no message', () => {
    for (const name of ['id', 'version', 'subject', 'data']) {
      const { [name]: _, ...rest } = recordOf('hc', 'order.paid')
      expect(fitting('hc', rest)).toEqual([])
    }
    expect(fitting('hc', { ...recordOf('hc', 'order.paid'), version: '12' })).toEqual([])
  })
})

test('a third sender is described by its catalogue alone', () => {
  const third: SourceCatalogue = { ...catalogues.hc, source: 'third-shop', topic: 'third-shop.webhook' }
  const document = asyncapiDocument([], { catalogues: { 'third-shop': third }, bodies: {} })
  expect(faults(document)).toEqual([])
  expect(references(document).filter(names => !isThere(document, names))).toEqual([])
  expect(document.channels['third-shop']).toMatchObject({ address: 'third-shop.webhook' })
})
