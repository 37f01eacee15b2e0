import { readEvent } from '@hookline/contracts'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openapiDocument } from '../src/openapi/document.ts'
import { badInput } from './bad-input/groups.ts'
import { DECLARED, SENDERS, VALUES } from './bad-input/senders.ts'
import { points, pointsBody } from './requests.ts'
import { NOW, opened, runningApp } from './running-app.ts'

interface Answered {
  content?: Record<string, { examples: Record<string, { value: { code?: string } }> }>
}

interface Operation {
  security: Record<string, []>[]
  requestBody: { content: Record<string, { examples?: Record<string, { value: object }> }> }
  responses: Record<string, Answered>
}

interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: object; securitySchemes: Record<string, { in: string; name: string }> }
}

// with a sender of Standard Webhooks, which is a declaration of the tests and no code
const document = (await openapiDocument(DECLARED)) as Document
const webhook = (source: string) => document.paths[`/webhooks/${source}`]!['post']!

/** Status and code of every answer that an operation describes. */
function answersOf({ responses }: Operation): readonly string[] {
  return Object.entries(responses).flatMap(([status, { content }]) =>
    Object.values(content?.['application/json']?.examples ?? {}).map(({ value }) => `${status} ${value.code}`),
  )
}

async function problemsOf(value: unknown): Promise<unknown> {
  const validator = new Validator()
  const { valid, errors } = await validator.validate(structuredClone(value) as Record<string, unknown>)
  return valid ? [] : errors
}

test('is OpenAPI 3.1', async () => {
  expect(document.openapi).toBe('3.1.0')
  expect(await problemsOf(document)).toEqual([])
  // so that the check is known to see something
  expect(await problemsOf({ ...document, paths: { 'no-slash': {} } })).not.toEqual([])
})

test('refers to nothing that is not in it', () => {
  const names = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name]) => name,
  )
  expect(new Set(names).size).toBeGreaterThan(5)
  expect(names.filter(name => !Object.hasOwn(document.components.schemas, name ?? ''))).toEqual([])
})

describe('is what the ingress does:', () => {
  let ingress: Awaited<ReturnType<typeof runningApp>>
  beforeAll(async () => {
    ingress = await runningApp(async () => undefined, { sources: opened(VALUES, DECLARED) })
  })
  afterAll(() => ingress.app.close())

  test('its paths and methods are the routes of the app', () => {
    const routes = [...ingress.app.printRoutes({ commonPrefix: false }).matchAll(/(\/\S+) \((.*)\)/g)]
    const described = Object.entries(document.paths).map(([path, methods]) => `${path} ${Object.keys(methods).join()}`)
    const own = routes.map(([, path, methods = '']) => `${path} ${methods.replace(', HEAD', '').toLowerCase()}`)
    expect(described.toSorted()).toEqual(own.toSorted())
  })

  test('no request is measured by it: a field of another type than it names is accepted', async () => {
    const odd = pointsBody({ order: { id: 'o-1', order_number: 5, metadata: 'none', status_label: [] } })
    expect((await ingress.ask(points({ body: odd })))?.statusCode).toBe(200)
  })
})

describe.each(SENDERS)('of $source', sender => {
  test('every answer to bad input is described', () => {
    const described = new Set(answersOf(webhook(sender.source)))
    const given = Object.values(badInput(sender, NOW)).flatMap(rows =>
      rows.map(({ statusCode, code }) => `${statusCode} ${code}`),
    )
    expect(given.length).toBeGreaterThan(100)
    expect([...new Set(given)].filter(one => !described.has(one))).toEqual([])
  })

  test('every header that it proves itself with is described, and all of them are wanted', () => {
    const [wanted = {}] = webhook(sender.source).security
    const named = Object.keys(wanted).map(name => document.components.securitySchemes[name]?.name ?? name)
    const sent = Object.keys(sender.credential(Buffer.from(''), sender.secret))
    expect(named.toSorted()).toEqual(sent.toSorted())
  })

  test('every example of a body is one event', () => {
    const { catalogue } = DECLARED.find(({ catalogue: { source } }) => source === sender.source)!
    const { examples = {} } = webhook(sender.source).requestBody.content['application/json']!
    for (const { value } of Object.values(examples)) {
      const body = Buffer.from(JSON.stringify(value))
      const now = Date.parse('2026-03-05T00:00:00Z')
      expect(readEvent(catalogue, { body, headers: {}, receivedAt: now, now })).toMatchObject({ kind: 'event' })
    }
  })
})

test('says of each sender only what it may be answered', () => {
  const of = (source: string) => answersOf(webhook(source))
  expect(of('points')).toContain('400 event_mismatch')
  expect(of('hc')).not.toContain('400 event_mismatch')
  const onlyHc = ['200 no_order_id', '422 store_mismatch', '400 invalid_event_id', '503 quarantine_full']
  expect(of('hc')).toEqual(expect.arrayContaining(onlyHc))
  expect(of('points').filter(one => onlyHc.includes(one))).toEqual([])
})

test('every fault of ours is 503 with Retry-After', () => {
  for (const { source } of SENDERS) {
    const { responses } = webhook(source)
    expect(Object.keys(responses).filter(status => Number(status) >= 500)).toEqual(['503'])
    expect(responses['503']).toMatchObject({ headers: { 'retry-after': { schema: { type: 'string' } } } })
  }
})
