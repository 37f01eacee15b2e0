/** kafkajs's own messages name brokers, groups and topics, never keys or values. */
export function kafkaErrorText(error: unknown): string | undefined {
  return error instanceof Error ? `${error.name}: ${error.message}` : undefined
}

/** Of any error, without its message: that of `JSON.parse` shows the text that it failed on. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name
}

/** The first lines of the stack, which name functions and lines of code. */
export function placeOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  const lines = (error.stack ?? '').split('\n').map(line => line.trim())
  return lines.filter(line => /^at .*:\d+:\d+\)?$/.test(line)).slice(0, 4)
}

/** Names and kafkajs's types, such as `MESSAGE_TOO_LARGE`, of an error and of what caused it. */
export function kindsOf(error: unknown): ReadonlySet<string> {
  const kinds = new Set<string>()
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    kinds.add(cause.name)
    if ('type' in cause && typeof cause.type === 'string') kinds.add(cause.type)
  }
  return kinds
}
