import { defineConsumer, effect, type Effect, type Target } from '@hookline/consumer'
import { Type } from 'typebox'
import { describe, expect, expectTypeOf, test } from 'vitest'

const order: Effect = { name: 'order', policy: 'latest', on: { points: ['*'] }, handler: async () => {} }

function problemOf(changed: Partial<Effect>): string {
  return problem(() => defineConsumer({ name: 'crm', effects: [{ ...order, ...changed }] }))
}

function problem(define: () => unknown): string {
  try {
    define()
    return 'none'
  } catch (error) {
    return String(error)
  }
}

describe('a definition that cannot work is refused, and says what to change', () => {
  test.each<[string, Partial<Effect>]>([
    ['use ^[a-z]', { name: 'Order' }],
    ['`part` and `terminal`', { policy: 'every', part: () => 'p' }],
    ['`timeoutMs` is not a whole number above 0', { timeoutMs: 0 }],
    ['`maxAttempts` is not a whole number above 0', { retries: { maxAttempts: 1.5 } }],
    ['`deadAfterMs` is not a whole number above 0', { retries: { deadAfterMs: -1 } }],
    ['`backOffMinMs` is above `backOffMaxMs`', { retries: { backOffMinMs: 2, backOffMaxMs: 1 } }],
  ])('%s', (words, changed) => {
    expect(problemOf(changed)).toContain(words)
    expect(problemOf(changed)).toContain('of consumer crm')
  })

  test('two effects of one name', () => {
    expect(problem(() => defineConsumer({ name: 'crm', effects: [order, order] }))).toContain('is declared twice')
  })

  test('no effect', () => {
    expect(problem(() => defineConsumer({ name: 'crm', effects: [] }))).toContain('declares no effect')
  })

  test('a name that could be no database and no group', () => {
    expect(problem(() => defineConsumer({ name: 'CRM 2', effects: [order] }))).toContain('consumer name "CRM 2"')
  })

  test('a target whose name could be no variable', () => {
    const define = () => defineConsumer({ name: 'crm', targets: { cRm: memo }, effects: () => [order] })
    expect(problem(define)).toContain('target "cRm" of consumer crm')
  })
})

interface Memo {
  say(words: string): void
}

const memo: Target<Memo> = {
  kind: 'memo',
  variables: { URL: Type.String() },
  open: () => ({ say: () => {}, close: () => {} }),
}

describe('a consumer with targets', () => {
  const greeter = defineConsumer({
    name: 'greeter',
    targets: { memo },
    config: { GREETING: Type.String() },
    notes: ['said'],
    effects: (clients, { GREETING }) => [{ ...order, handler: async () => clients.memo.say(GREETING) }],
  })

  test('is data until there are clients', () => {
    expect(greeter).toMatchObject({ name: 'greeter', targets: { memo }, config: { GREETING: {} } })
  })

  test('has its effects over the clients and the values that it is given', async () => {
    const said: string[] = []
    const consumer = greeter.with({ memo: { say: words => void said.push(words) } }, { GREETING: 'hello' })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its handler looks at neither
    await consumer.effects[0]?.handler({} as never, {} as never)
    expect(said).toEqual(['hello'])
    expect(consumer).toMatchObject({ name: 'greeter', notes: ['said'], onParkExpired: 'run' })
  })

  test('is checked once it has its clients', () => {
    const nothing = defineConsumer({ name: 'nothing', targets: { memo }, effects: () => [] })
    expect(problem(() => nothing.with({ memo: { say: () => {} } }))).toContain('declares no effect')
  })
})

test('the functions of an effect get just the events that it is for, typed by the catalogue', () => {
  effect({
    name: 'typed',
    policy: 'latest',
    on: { points: ['approved'], hc: ['order.*', 'fulfillment.shipped'] },
    handler: async event => {
      expectTypeOf(event.source).toEqualTypeOf<'points' | 'hc'>()
      if (event.source === 'points') {
        expectTypeOf(event.event).toEqualTypeOf<'approved'>()
        expectTypeOf(event.order.payment_status).toEqualTypeOf<string | null | undefined>()
      } else if (event.event === 'fulfillment.shipped') {
        expectTypeOf(event.order).toEqualTypeOf<undefined>()
        expectTypeOf(event.subject.order_id).toEqualTypeOf<string | null | undefined>()
      } else {
        expectTypeOf(event.order.status).toEqualTypeOf<string | null | undefined>()
      }
      // @ts-expect-error -- an effect is not handed what it does not name
      return event.event === 'cancelled' ? undefined : undefined
    },
  })
})
