import {
  defineConsumer,
  type Effect,
  type EventOf,
  type HandledEvent,
  type HandlerContext,
  Permanent,
} from '@hookline/consumer'
import { deliver, sampleEvent } from '@hookline/testkit'
import { describe, expect, test } from 'vitest'
import { type MongoTransaction, transactional, type TransactionalHandler } from '../src/index.ts'

const EVENT: HandledEvent = { ...sampleEvent(), data: {}, subject: {}, order: undefined }
/** Only handed through: what it can do is tested with a real one. */
const TRANSACTION = { db: {}, session: {} } as MongoTransaction

function ledger(handler: TransactionalHandler<EventOf<'points', 'approved'>>): Effect {
  return transactional({ name: 'row', policy: 'latest', on: { points: ['approved'] }, handler })
}

async function delivered(effect: Effect, context: Partial<HandlerContext>) {
  return await deliver(defineConsumer({ name: 'ledger', effects: [effect] }), EVENT, context)
}

describe('a transactional effect', () => {
  test('is declared as any other, and is run inside a transaction', () => {
    const effect = ledger(async () => {})
    expect(effect).toMatchObject({ name: 'row', policy: 'latest', on: { points: ['approved'] }, transactional: true })
  })

  test('is handed its event, its context and the transaction', async () => {
    const calls: unknown[] = []
    const effect = ledger(async (event, { effect: name, attempt }, transaction) => {
      calls.push([event, name, attempt, transaction])
      return { state: { rows: 1 } }
    })
    expect(await delivered(effect, { transaction: TRANSACTION })).toEqual({ row: { state: { rows: 1 } } })
    expect(calls).toEqual([[EVENT, 'row', 1, TRANSACTION]])
  })

  test('rejects with what its handler throws', async () => {
    const refused = new Permanent('no such account')
    const effect = ledger(() => Promise.reject(refused))
    await expect(delivered(effect, { transaction: TRANSACTION })).rejects.toBe(refused)
  })

  test('does nothing where there is no transaction of MongoDB', async () => {
    let calls = 0
    const effect = ledger(async () => {
      calls += 1
    })
    for (const context of [{}, { transaction: null }, { transaction: 'none' }, { transaction: { db: {} } }]) {
      await expect(delivered(effect, context)).rejects.toThrow('effect row was given no transaction of MongoDB')
    }
    expect(calls).toBe(0)
  })
})
