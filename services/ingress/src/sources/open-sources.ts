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
    const storeId = catalogue.storeAt && values[variablesOf(catalogue).storeId]
    const store = storeId === undefined ? {} : { storeId }
    return [{ path: pathOf(catalogue), keyring, verify: keyring.verify, catalogue, limits, ...store }]
  })
}
