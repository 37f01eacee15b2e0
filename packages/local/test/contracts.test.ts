import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asyncapiDocument, type BreakingChange, type ContractDocument, type HandledBy } from '@hookline/contracts'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { contracts } from '../src/contracts/contracts.ts'
import { DOCUMENT, eventsIn, type Generated, generated, WRITE_COMMAND } from '../src/contracts/generated.ts'
import { CONSUMERS } from '../src/demo/judged.ts'
import { REPOSITORY } from '../src/repository.ts'
import { history } from './history.ts'

// what is checked of it must hold whatever else stands in services/
const now = await generated(CONSUMERS)

/** What the code says, with a change. */
function changed(change: (document: ContractDocument) => void): Generated {
  const document = structuredClone(now.document)
  change(document)
  return { ...now, document, text: stringify(document) }
}

const versioned = (version: string) =>
  changed(({ info }) => {
    info.version = version
  })

/** With one more optional field of what the bodies of this schema tell of. */
const withFieldOf = (schema: string, subject: string, name: string) =>
  changed(({ components }) => {
    const body = components.schemas[schema] as { properties: Record<string, { properties: object }> }
    Object.assign(body.properties[subject]!.properties, { [name]: { type: 'string' } })
  })

const withField = withFieldOf('points.order.body', 'order', 'coupon')

const withEvent = changed(({ channels, operations }) => {
  const { messages } = channels.hc!
  messages['order.shipped'] = { ...structuredClone(messages['order.paid']!), name: 'order.shipped' }
  operations['wms.hc']!['x-effects']!['order.shipped'] = ['shipping']
})

test(`${DOCUMENT} is what the code says; else: ${WRITE_COMMAND}`, async () => {
  const { text } = await generated()
  expect(readFileSync(join(REPOSITORY, DOCUMENT), 'utf8')).toBe(text)
})

describe('who handles an event', () => {
  const of = (source: string, event: string): Record<string, readonly string[]> =>
    Object.fromEntries(now.handlers([{ source, event }]).map(({ service, effects }: HandledBy) => [service, effects]))

  test.each([
    ['points', 'approved', { email: ['status'], 'erp-sync': ['order', 'entry'], wms: ['fulfilment'] }],
    // its conditions ask the body: it may be handled
    ['points', 'refunded', { email: ['status', 'refund'], 'erp-sync': ['order', 'entry'], wms: ['fulfilment'] }],
    ['points', '*', { 'erp-sync': ['order'] }],
    // to the warehouse it makes the order known, and no more
    ['hc', 'order.created', { email: ['address'], 'erp-sync': ['order'], wms: [] }],
    ['hc', 'order.*', { email: ['address'], 'erp-sync': ['order'] }],
    ['hc', 'fulfillment.*', { wms: ['shipping'] }],
    ['hc', '*', {}],
    ['hc', 'product.*', {}],
    // one that is in no catalogue any more
    ['hc', 'order.gone', { email: ['address'], 'erp-sync': ['order'] }],
  ])('is told by the definitions of the services: %s %s', (source, event, expected) => {
    expect(of(source, event)).toEqual(expected)
  })
})

describe('the check', () => {
  test('fails, naming the event, the field and the services, where a field is gone', async () => {
    await using repository = await history([withField.text])
    const { good, lines } = await contracts(repository.path, now, {})
    expect(good).toBe(false)
    const text = lines.join('\n')
    expect(text).toContain('points, data.order.coupon: the field is gone\n  was optional string\n')
    expect(text).toMatch(/^ {2}captured, approved, .*: handled by email, erp-sync, wms$/m)
    expect(text).toMatch(/^ {2}completed: handled by erp-sync, wms$/m)
    expect(text).toMatch(/^ {2}authorized, \*: handled by erp-sync$/m)
  })

  test.each([
    ['order', 'order.created', 'email, erp-sync, wms'],
    ['refund', 'payment.refunded', 'email, erp-sync'],
    ['fulfillment', 'fulfillment.shipped', 'email, wms'],
    ['return', 'return.completed', 'erp-sync, wms'],
  ])('names only the events that tell of it where a field of a %s is gone', async (subject, event, services) => {
    await using repository = await history([withFieldOf(`hc.${subject}.body`, 'data', 'coupon').text])
    const { document, lines } = await contracts(repository.path, now, {})
    const { breaking_changes: changes } = document as { breaking_changes: readonly BreakingChange[] }
    const about = eventsIn(now.document).filter(({ source, event: name }) => {
      const message = Object.values(now.document.channels[source]!.messages).find(one => one.name === name)
      return source === 'hc' && message?.['x-event-rules'].subject === subject
    })
    expect(changes.map(change => change.event)).toEqual(about.map(one => one.event))
    expect(changes.find(change => change.event === event)?.services.join(', ')).toBe(services)
    expect(lines.join('\n')).toContain('hc, data.data.coupon: the field is gone')
  })

  test('fails, naming the event and the services, where an event is gone', async () => {
    await using repository = await history([withEvent.text])
    const { document, lines } = await contracts(repository.path, now, {})
    expect(document).toMatchObject({
      breaking_changes: [
        { kind: 'event_removed', source: 'hc', event: 'order.shipped', services: ['email', 'erp-sync', 'wms'] },
      ],
    })
    expect(lines.join('\n')).toContain('  order.shipped: handled by email, erp-sync, wms')
  })

  test.each([
    ['the order of Points', withField],
    ['a refund of HC', withFieldOf('hc.refund.body', 'data', 'fee')],
  ])('passes where a new optional field of %s came', async (_name, after) => {
    await using repository = await history([now.text])
    repository.write(after.text)
    const { good, document } = await contracts(repository.path, after, {})
    expect({ good, document }).toMatchObject({
      good: true,
      document: { breaking_changes: [], base: expect.any(String) },
    })
  })

  test('fails where the file is not what the code says, and names the command', async () => {
    await using repository = await history([now.text])
    repository.write('asyncapi: 3.0.0\n')
    const { good, lines } = await contracts(repository.path, now, {})
    expect(good).toBe(false)
    expect(lines.join('\n')).toContain(WRITE_COMMAND)
  })

  test('writes the file where nothing breaks, and leaves it where a reader would', async () => {
    await using fine = await history([now.text])
    fine.write('stale')
    expect(await contracts(fine.path, now, { write: true })).toMatchObject({ good: true })
    expect(fine.read()).toBe(now.text)

    await using broken = await history([withField.text])
    expect(await contracts(broken.path, now, { write: true })).toMatchObject({ good: false })
    expect(broken.read()).toBe(withField.text)
  })

  test('passes a breaking change that a new first number of the version announces', async () => {
    await using repository = await history([withField.text])
    const announced = versioned('2.0.0')
    const { good, lines } = await contracts(repository.path, announced, { write: true })
    expect(good).toBe(true)
    expect(lines.join('\n')).toContain('They are announced by version 2.0.0.')
  })
})

describe('the document to compare with', () => {
  const baseOf = async (path: string, wanted: Generated, base?: string) => {
    const { document } = await contracts(path, wanted, base === undefined ? {} : { base })
    return (document as { base: string | null }).base
  }

  test("is HEAD's before a change is committed, and after it the one before the last change", async () => {
    await using repository = await history([versioned('1.0.1').text, versioned('1.0.2').text, now.text])
    const [, second = '', third = ''] = repository.commits
    expect(await baseOf(repository.path, versioned('1.0.3'))).toBe(third.slice(0, 12))
    expect(await baseOf(repository.path, now)).toBe(second.slice(0, 12))
  })

  test('is the one where a branch left the ref that is given', async () => {
    await using repository = await history([versioned('1.0.1').text, versioned('1.0.2').text, now.text])
    const [first = ''] = repository.commits
    await repository.git('branch', 'trunk', first)
    expect(await baseOf(repository.path, now, 'trunk')).toBe(first.slice(0, 12))
    await expect(baseOf(repository.path, now, 'nowhere')).rejects.toThrow('nowhere is no commit of this clone')
  })

  test('is none in a shallow clone that has no older one, and outside of git', async () => {
    await using repository = await history([versioned('1.0.1').text, now.text])
    await using shallow = await repository.shallowClone()
    expect(await baseOf(shallow.path, now)).toBeNull()
    await using nothing = await history([])
    expect(await baseOf(nothing.path, now)).toBeNull()
  })

  test('is refused where it is no document of ours', async () => {
    await using repository = await history(['openapi: 3.1.0\n'])
    await expect(contracts(repository.path, now, {})).rejects.toThrow(/no document that this check can read/)
  })
})

test('a document without handlers names no service that receives', () => {
  expect(Object.keys(asyncapiDocument([]).operations)).toEqual(['ingress.points', 'ingress.hc'])
})
