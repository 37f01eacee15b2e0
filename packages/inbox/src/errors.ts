import { MongoAPIError, MongoBulkWriteError, MongoError, MongoServerError } from 'mongodb'

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

/** Whether the server ended the transaction that the error is of, and a new one may do better: mostly a write came between. */
export function endsTransaction(caught: unknown): boolean {
  const error = unwrapped(caught)
  return error instanceof MongoServerError && error.hasErrorLabel(TRANSIENT)
}

/** What may leave this package in place of the error. */
export function safe(operation: string, caught: unknown): unknown {
  const error = unwrapped(caught)
  if (!isDriverError(error)) return error
  const code = codeOf(error)
  return passes(error) ? new InboxUnavailable(code, operation) : new InboxRefused(code, operation)
}

/** A bulk wraps what the driver threw, and is then no network error by its class. */
function unwrapped(error: unknown): unknown {
  if (!(error instanceof MongoBulkWriteError)) return error
  const original: unknown = error.errorResponse
  return original instanceof Error ? original : error
}

/** BSON's errors are no MongoErrors, and name the value that they do not like. */
function isDriverError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  return error instanceof MongoError || error.name.startsWith('BSON') || isTooLarge(error)
}

/** What does not fit into BSON's buffer at all is Node's error, not the driver's. */
function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE'
}

function codeOf(error: Error): string {
  if (isTooLarge(error)) return 'BSONObjectTooLarge'
  if (!(error instanceof MongoServerError)) return error.name
  const codeName: unknown = error.codeName
  if (typeof codeName === 'string') return codeName
  const [code] = codesOf(error)
  return code === undefined
    ? error.name
    : (PASSING_CODES.get(code) ?? REFUSING_CODES.get(code) ?? `${error.name} ${code}`)
}

/** A bulk has a code for each of its operations that failed. */
function codesOf(error: MongoServerError): readonly number[] {
  const failed = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : []
  const codes: unknown[] = [...failed.map(({ code }) => code), error.code]
  return codes.filter(code => typeof code === 'number').sort((a, b) => rank(a) - rank(b))
}

/** What passes says more than a duplicate key beside it. */
function rank(code: number): number {
  return PASSING_CODES.has(code) ? 0 : 1
}

const TRANSIENT = 'TransientTransactionError'

const PASSING_LABELS = ['RetryableWriteError', TRANSIENT]

/** Of the server's codes, those that say nothing against the operation itself. */
const PASSING_CODES: ReadonlyMap<number, string> = new Map([
  [6, 'HostUnreachable'],
  [7, 'HostNotFound'],
  [43, 'CursorNotFound'],
  [50, 'MaxTimeMSExpired'],
  [64, 'WriteConcernTimeout'],
  [89, 'NetworkTimeout'],
  [91, 'ShutdownInProgress'],
  [100, 'UnsatisfiableWriteConcern'],
  [112, 'WriteConflict'],
  [133, 'FailedToSatisfyReadPreference'],
  [134, 'ReadConcernMajorityNotAvailableYet'],
  [189, 'PrimarySteppedDown'],
  [237, 'CursorKilled'],
  [262, 'ExceededTimeLimit'],
  [9001, 'SocketException'],
  [10107, 'NotWritablePrimary'],
  [11600, 'InterruptedAtShutdown'],
  [11601, 'Interrupted'],
  [11602, 'InterruptedDueToReplStateChange'],
  [13435, 'NotPrimaryNoSecondaryOk'],
  [13436, 'NotPrimaryOrSecondary'],
  [14031, 'OutOfDiskSpace'],
])

/** What the server refuses without its name for it. */
const REFUSING_CODES: ReadonlyMap<number, string> = new Map([
  [121, 'DocumentValidationFailure'],
  [11000, 'DuplicateKey'],
])

function passes(error: Error): boolean {
  if (error instanceof MongoServerError) {
    return PASSING_LABELS.some(label => error.hasErrorLabel(label)) || codesOf(error).some(code => rank(code) === 0)
  }
  // what is left of the driver's errors is about the way to the server: gone, full, slow, just closed
  return error instanceof MongoError && !(error instanceof MongoAPIError)
}
