import type { SourceCatalogue } from '@hookline/contracts'
import { Type } from 'typebox'
import type { TOptional, TString } from 'typebox'
import type { SourceDeclaration } from './source.ts'

/** The values of the variables that each source has. */
export type SourceValues = Readonly<
  Record<
    `${string}_WEBHOOK_SECRET` | `${string}_WEBHOOK_SECRETS` | `${string}_ROTATING_UNTIL` | `${string}_STORE_ID`,
    string | undefined
  >
>

/** The variables of a source: `points` has `POINTS_WEBHOOK_SECRET` and so on. */
export function variablesOf({ source }: Pick<SourceCatalogue, 'source'>) {
  const prefix = source.toUpperCase().replaceAll('-', '_')
  return {
    secret: `${prefix}_WEBHOOK_SECRET`,
    secrets: `${prefix}_WEBHOOK_SECRETS`,
    rotatingUntil: `${prefix}_ROTATING_UNTIL`,
    storeId: `${prefix}_STORE_ID`,
  } as const
}

/** What the environment may hold for these sources. */
export function sourceVariables(declared: readonly SourceDeclaration[]): Record<string, TOptional<TString>> {
  return Object.fromEntries(
    declared.flatMap(({ catalogue }) => {
      const { secret, secrets, rotatingUntil, storeId } = variablesOf(catalogue)
      const { source } = catalogue
      return [
        [secret, text(`the secret of ${source}'s webhook, as the sender gave it; without any there is no route`)],
        [secrets, text(`several secrets of ${source} instead: a JSON list as in a secrets file`)],
        [
          rotatingUntil,
          text(
            `while the secret of ${source} is rotated, at most 24 h ahead: unknown secrets are answered 503, not 401`,
          ),
        ],
        ...(catalogue.storeAt ? [[storeId, text('events of another store are refused')] as const] : []),
      ]
    }),
  )
}

function text(description: string): TOptional<TString> {
  return Type.Optional(Type.String({ description }))
}
