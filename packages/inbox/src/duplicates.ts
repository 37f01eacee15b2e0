import { MongoBulkWriteError } from 'mongodb'

const DUPLICATE_KEY = 11000

/** What an unordered bulk did: every operation of it was tried, and those at `duplicates` met a unique index. */
export interface BulkOutcome {
  inserted: number
  modified: number
  /** Indices of operations. */
  duplicates: readonly number[]
}

/**
 * An unordered bulk in which duplicate keys are an answer and not an error. Rejects for everything else: then nothing is
 * known of any operation.
 */
export async function bulkWithDuplicates(
  run: () => Promise<{ insertedCount: number; modifiedCount?: number }>,
): Promise<BulkOutcome> {
  try {
    const { insertedCount, modifiedCount } = await run()
    return { inserted: insertedCount, modified: modifiedCount ?? 0, duplicates: [] }
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || !onlyDuplicates(error)) throw error
    return {
      inserted: error.insertedCount,
      modified: error.modifiedCount,
      duplicates: writeErrorsOf(error).map(({ index }) => index),
    }
  }
}

/** A bulk that was cut short, or is not stored by a majority, has no or other errors beside the duplicates. */
function onlyDuplicates(error: MongoBulkWriteError): boolean {
  const errors = writeErrorsOf(error)
  const stored = error.result.getWriteConcernError() === undefined
  return stored && errors.length > 0 && errors.every(({ code }) => code === DUPLICATE_KEY)
}

function writeErrorsOf(error: MongoBulkWriteError) {
  return Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors]
}
