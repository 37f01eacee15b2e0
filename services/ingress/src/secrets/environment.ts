import { parseTime } from '@hookline/contracts'
import type { SourceDeclaration } from '../sources/source.ts'
import { variablesOf } from '../sources/variables.ts'
import type { SourceValues } from '../sources/variables.ts'
import { parseEntries, secretsOf } from './document.ts'
import type { Parsed } from './document.ts'
import { unlimited } from './secret.ts'
import type { SecretsBySource, SourceSecrets } from './secret.ts'

/** The id of a secret that stands alone in its variable. */
const ENVIRONMENT_ID = 'env'

/** The secrets that stand in variables. */
export function environmentSecrets(
  values: SourceValues,
  declared: readonly SourceDeclaration[],
): Parsed<SecretsBySource> {
  const secrets = new Map<string, SourceSecrets>()
  const problems: string[] = []
  for (const { catalogue } of declared) {
    const names = variablesOf(catalogue)
    const [one, several, until] = [values[names.secret], values[names.secrets], values[names.rotatingUntil]]
    const rotatingUntil = parseTime(until) ?? -Infinity
    if (until !== undefined && parseTime(until) === undefined)
      problems.push(`${names.rotatingUntil} is not as 2026-01-31T10:00:00Z`)
    if (until !== undefined && one === undefined && several === undefined) {
      problems.push(
        `${names.rotatingUntil} is set without ${names.secret} or ${names.secrets}: in a secrets file it is rotating_until`,
      )
    }
    if (one !== undefined && several !== undefined) {
      problems.push(
        `${names.secret} and ${names.secrets} are both set: put that secret into the list too, and unset it`,
      )
    } else if (one !== undefined) {
      secrets.set(catalogue.source, { secrets: [unlimited(ENVIRONMENT_ID, one, names.secret)], rotatingUntil })
    } else if (several !== undefined) {
      const entries = parseEntries(several, names.secrets)
      if (entries.ok) {
        secrets.set(catalogue.source, { secrets: secretsOf(catalogue.source, entries.value), rotatingUntil })
      } else problems.push(...entries.problems)
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: secrets }
}
