import type { SourceCatalogue } from '@hookline/contracts'
import type { SecretsBySource } from '../secrets/secret.ts'
import type { Keyring } from '../verifiers/scheme.ts'
import { pathOf } from './source.ts'
import type { Source, SourceDeclaration } from './source.ts'
import { variablesOf } from './variables.ts'
import type { SourceValues } from './variables.ts'

/** A source of which the secrets can be replaced. */
export interface OpenedSource extends Source {
  readonly keyring: Keyring
}

export interface OpenSourcesOptions {
  readonly declared: readonly SourceDeclaration[]
  readonly secrets: SecretsBySource
  readonly values: SourceValues
}

/** The sources that have a secret. */
export function openSources({ declared, secrets, values }: OpenSourcesOptions): readonly OpenedSource[] {
  return declared.flatMap(({ catalogue, scheme, limits }) => {
    const own = secrets.get(catalogue.source)
    if (own === undefined) return []
    const keyring = scheme.keyring(own.secrets)
    const { verify } = keyring
    const { evidenceOf } = scheme
    return [{ path: pathOf(catalogue), keyring, verify, evidenceOf, catalogue, limits, ...storeOf(catalogue, values) }]
  })
}

/** The store that is configured, if one is. */
export function storeOf(catalogue: SourceCatalogue, values: SourceValues): { readonly storeId?: string } {
  const storeId = catalogue.storeAt && values[variablesOf(catalogue).storeId]
  return storeId === undefined ? {} : { storeId }
}
