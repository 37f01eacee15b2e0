import type { SourceDeclaration } from '../sources/source.ts'
import { variablesOf } from '../sources/variables.ts'
import type { SourceValues } from '../sources/variables.ts'
import { parseEntries, secretsOf } from './document.ts'
import type { Parsed } from './document.ts'
import { unlimited } from './secret.ts'
import type { Secret, SecretsBySource } from './secret.ts'

/** The id of a secret that stands alone in its variable. */
const ENVIRONMENT_ID = 'env'

/** The secrets that stand in variables. */
export function environmentSecrets(
  values: SourceValues,
  declared: readonly SourceDeclaration[],
): Parsed<SecretsBySource> {
  const secrets = new Map<string, readonly Secret[]>()
  const problems: string[] = []
  for (const { catalogue } of declared) {
    const names = variablesOf(catalogue)
    const [one, several] = [values[names.secret], values[names.secrets]]
    if (one !== undefined && several !== undefined) {
      problems.push(
        `${names.secret} and ${names.secrets} are both set: put that secret into the list too, and unset it`,
      )
    } else if (one !== undefined) {
      secrets.set(catalogue.source, [unlimited(ENVIRONMENT_ID, one, names.secret)])
    } else if (several !== undefined) {
      const entries = parseEntries(several, names.secrets)
      if (entries.ok) secrets.set(catalogue.source, secretsOf(catalogue.source, entries.value))
      else problems.push(...entries.problems)
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: secrets }
}
