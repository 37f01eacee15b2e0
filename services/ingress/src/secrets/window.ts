import type { Failure } from '../verifiers/verifier.ts'

/**
 * What a request that failed verification is answered. In a rotation window one whose secret may yet become valid is to
 * be sent again; one without a secret, or with one that is over, would fail then too.
 */
export function answerTo(reason: Failure, { rotating }: { rotating: boolean }): 'unauthenticated' | 'rotating' {
  if (!rotating) return 'unauthenticated'
  switch (reason) {
    case 'mismatch':
    case 'not_yet_valid':
      return 'rotating'
    case 'missing':
    case 'repeated':
    case 'malformed':
    case 'expired':
    case 'too_old':
    case 'too_new':
      return 'unauthenticated'
  }
}
