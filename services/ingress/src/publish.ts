import type { ProblemCode } from './problems.ts'

/**
 * Resolves when Kafka has stored the record on all in-sync replicas. Rejects with an error whose `code` says why; it may
 * be stored all the same then, which makes a duplicate that consumers drop.
 */
export type Publish = (
  topic: string,
  record: { readonly key: string; readonly value: Buffer; readonly headers: Readonly<Record<string, string>> },
) => Promise<unknown>

/** The answer where a record was not surely stored. It is never the sender's fault. */
export function problemOf(error: unknown): ProblemCode {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'publisher_full':
      return 'overloaded'
    // a sender that gives up would lose it, and the body is within what it may send: the topic is to be changed
    case 'record_too_large':
      return 'internal'
    default:
      return 'unavailable'
  }
}
