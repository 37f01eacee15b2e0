import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb'

// The driver's errors carry whole documents (a duplicate-key error the values, a bulk error every operation), so none of
// them leaves this package: not as a cause, not as a property, not in a message.

/** MongoDB cannot be reached, or does not answer in time. What was to be written may have been. Try again. */
export class InboxUnavailable extends Error {
  override readonly name = 'InboxUnavailable'
  /** The driver's or the server's word for it, such as `MongoServerSelectionError` or `NotWritablePrimary`. */
  readonly code: string
  readonly retry = true

  constructor(code: string, operation: string) {
    super(`MongoDB is unavailable (${code}) for ${operation}`)
    this.code = code
  }
}

/** MongoDB said no, and will say no again: a right that is missing, a document too large. */
export class InboxRefused extends Error {
  override readonly name = 'InboxRefused'
  /** The server's name of the error, such as `Unauthorized`, or the driver's class. */
  readonly code: string
  readonly retry = false

  constructor(code: string, operation: string) {
    super(`MongoDB refused ${operation} (${code})`)
    this.code = code
  }
}

/** Runs an operation of the driver; its errors become ones that are safe to log. Errors of others pass as they are. */
export async function safely<T>(operation: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw safe(operation, error)
  }
}

function safe(operation: string, caught: unknown): unknown {
  // a bulk wraps what the driver threw, and is then no network error by its class
  const error = caught instanceof MongoBulkWriteError ? originalOf(caught) : caught
  if (!isDriverError(error)) return error
  const code = codeOf(error)
  return passes(error) ? new InboxUnavailable(code, operation) : new InboxRefused(code, operation)
}

function originalOf(error: MongoBulkWriteError): unknown {
  const original: unknown = error.errorResponse
  return original instanceof Error ? original : error
}

/** BSON's errors are no MongoErrors, and name the value that they do not like. */
function isDriverError(error: unknown): error is Error {
  return error instanceof MongoError || (error instanceof Error && error.name.startsWith('BSON'))
}

function codeOf(error: Error): string {
  if (!(error instanceof MongoServerError)) return error.name
  const { codeName, code } = error
  return typeof codeName === 'string' ? codeName : `${error.name} ${code ?? ''}`.trim()
}

const PASSING_CLASSES = [
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
]

const PASSING_LABELS = ['RetryableWriteError', 'TransientTransactionError', 'RetryableError', 'NoWritesPerformed']

/** Names by code: MaxTimeMSExpired, WriteConcernTimeout, interruptions, changes of the primary, too little disk. */
const PASSING_CODES = new Set<unknown>([
  6, 7, 50, 64, 79, 89, 91, 100, 112, 133, 134, 189, 262, 290, 314, 317, 358, 9001, 10107, 11600, 11602, 13435, 13436,
])

function passes(error: Error): boolean {
  if (PASSING_CLASSES.some(passing => error instanceof passing)) return true
  if (!(error instanceof MongoError)) return false
  return PASSING_LABELS.some(label => error.hasErrorLabel(label)) || PASSING_CODES.has(error.code)
}
