import type { SourceCatalogue } from '@hookline/contracts'
import type { Scheme } from '../verifiers/scheme.ts'
import type { Verifier } from '../verifiers/verifier.ts'

/** A sender as data: what its webhooks mean, how they are verified, how much they may be. */
export interface SourceDeclaration {
  readonly catalogue: SourceCatalogue
  readonly scheme: Scheme
  readonly limits: SourceLimits
}

interface SourceLimits {
  /** Of one request; above it 413. At most `MAX_BODY_BYTES`, for which the topics have room. */
  readonly maxBodyBytes: number
}

/** A declared source at work. */
export interface Source {
  readonly path: string
  readonly verify: Verifier
  readonly evidenceOf: Scheme['evidenceOf']
  readonly catalogue: SourceCatalogue
  readonly limits: SourceLimits
  /** Where a store is configured, a body of another store is refused. */
  readonly storeId?: string
}

/** Where a sender posts to. */
export function pathOf(catalogue: Pick<SourceCatalogue, 'source'>): string {
  return `/webhooks/${catalogue.source}`
}
