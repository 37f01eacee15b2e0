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
  return error instanceof Error && 'code' in error && error.code === 'publisher_full' ? 'overloaded' : 'unavailable'
}
