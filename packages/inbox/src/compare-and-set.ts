import type { OrderWrite } from '@hookline/consumer/loop'
import { type AnyBulkWriteOperation, BSON } from 'mongodb'
import { type OrderDocument, toOrderDocument } from './order-document.ts'

type Operation = AnyBulkWriteOperation<OrderDocument>

interface Replacement {
  rev: number
  document: OrderDocument
  bytes: number
}

/** The server looks a record up among those of its statement one after another. */
const TOGETHER = 100
/** A statement is one document to the server, which takes 16 MB. */
const TOGETHER_BYTES = 4_000_000

/** An insert that meets a duplicate key, or a record that is not modified: somebody else was first. */
export function compareAndSet(writes: readonly OrderWrite[]): readonly Operation[] {
  const inserts: Operation[] = []
  const replacements: Replacement[] = []
  for (const { key, before, after } of writes) {
    const document = toOrderDocument(key, after)
    if (!before) inserts.push({ insertOne: { document } })
    else replacements.push({ rev: before.rev, document, bytes: BSON.calculateObjectSize(document) })
  }
  return [...inserts, ...statements(replacements).map(statement)]
}

function statements(replacements: readonly Replacement[]): readonly (readonly Replacement[])[] {
  const all: Replacement[][] = []
  let last: Replacement[] = []
  let bytes = 0
  for (const one of replacements) {
    bytes += one.bytes
    if (last.length === 0 || last.length === TOGETHER || bytes > TOGETHER_BYTES) {
      all.push((last = []))
      bytes = one.bytes
    }
    last.push(one)
  }
  return all
}

function statement(replacements: readonly Replacement[]): Operation {
  const [first, ...others] = replacements
  if (first && others.length === 0) {
    const { rev, document } = first
    return { replaceOne: { filter: { _id: document._id, rev }, replacement: document } }
  }
  return updateTogether(replacements)
}

/**
 * Each record becomes its replacement where its `rev` is what was read, and stays as it is otherwise. A pipeline, as
 * the server plans each statement by itself, which costs it more than twice what the write does.
 */
function updateTogether(replacements: readonly Replacement[]): Operation {
  const ids = replacements.map(({ document }) => document._id)
  const nth = (values: readonly unknown[]) => ({ $arrayElemAt: [{ $literal: values }, '$$n'] })
  const isAsRead = { $eq: ['$rev', nth(replacements.map(({ rev }) => rev))] }
  const replaced = nth(replacements.map(({ document }) => document))
  const replaceWith = {
    $let: {
      vars: { n: { $indexOfArray: [{ $literal: ids }, '$_id'] } },
      in: { $cond: [isAsRead, replaced, '$$ROOT'] },
    },
  }
  return { updateMany: { filter: { _id: { $in: ids } }, update: [{ $replaceWith: replaceWith }] } }
}
