import { codeOf } from '../error-code.ts'
import { variablesOf } from '../sources/variables.ts'
import type { SourceValues } from '../sources/variables.ts'
import { parseDocument, rotatingUntil, secretsOf } from './document.ts'
import type { Parsed } from './document.ts'
import { environmentSecrets } from './environment.ts'
import { readSecretsFiles } from './read-files.ts'
import type { SecretsFile } from './read-files.ts'
import { secretsProblems } from './rules.ts'
import type { SecretRules } from './rules.ts'
import type { SecretsBySource, SourceSecrets } from './secret.ts'

export interface SecretsConfig {
  /** A file or a folder; undefined: the environment has them all. */
  readonly path: string | undefined
  readonly values: SourceValues
  readonly rules: SecretRules
}

/** All secrets from where the configuration says that they are, or why they must not be used. Never rejects. */
export async function loadSecrets(config: SecretsConfig, now: number): Promise<Parsed<SecretsBySource>> {
  const { path, values, rules } = config
  const environment = environmentSecrets(values, rules.declared)
  const files = path === undefined ? ({ ok: true, value: new Map() } as const) : await fileSecrets(path)
  if (!environment.ok || !files.ok) {
    const [first, second] = [environment, files].map(part => (part.ok ? [] : part.problems))
    return { ok: false, problems: [...(first ?? []), ...(second ?? [])] }
  }
  const secrets = new Map([...environment.value, ...files.value])
  const problems = [
    ...[...environment.value.keys()].filter(source => files.value.has(source)).map(source => inTwoPlaces(source)),
    ...(secrets.size === 0 ? [noSecret(rules, path)] : []),
    ...secretsProblems(secrets, rules, now),
  ]
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: secrets }
}

/** What to set where no source has a secret. */
export function noSecret({ declared }: SecretRules, path: string | undefined): string {
  if (path !== undefined) return 'no source has a secret: WEBHOOK_SECRETS_PATH holds none'
  const names = declared.map(({ catalogue }) => variablesOf(catalogue).secret).join(' or ')
  return `no source has a secret: set ${names}, or WEBHOOK_SECRETS_PATH`
}

async function fileSecrets(path: string): Promise<Parsed<SecretsBySource>> {
  try {
    return merged(await readSecretsFiles(path))
  } catch (error) {
    return { ok: false, problems: [`WEBHOOK_SECRETS_PATH cannot be read (${codeOf(error)})`] }
  }
}

function merged(files: readonly SecretsFile[]): Parsed<SecretsBySource> {
  const secrets = new Map<string, SourceSecrets>()
  const problems: string[] = []
  for (const { name, text } of files) {
    const document = parseDocument(text, name)
    if (!document.ok) problems.push(...document.problems)
    else {
      for (const [source, entries] of Object.entries(document.value)) {
        const before = secrets.get(source)
        secrets.set(source, {
          secrets: [...(before?.secrets ?? []), ...secretsOf(source, entries.secrets)],
          rotatingUntil: Math.max(before?.rotatingUntil ?? -Infinity, rotatingUntil(entries)),
        })
      }
    }
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: secrets }
}

/** Otherwise a secret that is ended in the file would go on being valid. */
function inTwoPlaces(source: string): string {
  const { secret, secrets } = variablesOf({ source })
  return `${source} has secrets in the environment and in WEBHOOK_SECRETS_PATH: unset ${secret} and ${secrets}`
}
