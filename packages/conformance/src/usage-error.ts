/** What was asked for cannot be checked as it was named; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
