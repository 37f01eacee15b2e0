import { secretProblem } from '../secret-rules.ts'
import type { SourceDeclaration } from '../sources/source.ts'
import { fingerprint } from './fingerprint.ts'
import { standing } from './secret.ts'
import type { Secret, SecretsBySource } from './secret.ts'

/**
 * Of one source: each is compared with each request, and with the largest body the library of Standard Webhooks takes
 * 8 ms for one.
 */
export const MAX_SECRETS = 5

/** How far ahead a rotation window may end: a forgotten one would hide for ever that a sender has the wrong secret. */
export const MAX_WINDOW_MS = 24 * 3_600_000

/** Whoever declared a window reckoned its end by another clock. */
const CLOCKS_DIFFER_MS = 5 * 60_000

export interface SecretRules {
  readonly declared: readonly SourceDeclaration[]
  /** Whether weak and example secrets are refused. */
  readonly production: boolean
  /** Of secrets that must not be used here. */
  readonly productionFingerprints: ReadonlySet<string>
}

/** Why these secrets must not be used, a sentence each, without a part of one; empty when they may. */
export function secretsProblems(secrets: SecretsBySource, rules: SecretRules, now: number): readonly string[] {
  return [...secrets].flatMap(([source, { secrets: list, rotatingUntil }]) => {
    const declaration = rules.declared.find(({ catalogue }) => catalogue.source === source)
    if (declaration === undefined) {
      const names = rules.declared.map(({ catalogue }) => catalogue.source).join(', ')
      return [`there are secrets for ${source}, which is no source: the sources are ${names}`]
    }
    return [
      ...setProblems(source, list),
      ...list.flatMap(secret => oneProblem(secret, declaration, rules)),
      ...(list.some(secret => standing(secret, now) === 'valid') ? [] : [`no secret of ${source} is valid now`]),
      ...(rotatingUntil > now + MAX_WINDOW_MS + CLOCKS_DIFFER_MS
        ? [`the rotation window of ${source} ends more than 24 h ahead`]
        : []),
    ]
  })
}

/** What is wrong with the secrets of one source together. */
export function setProblems(source: string, secrets: readonly Secret[]): readonly string[] {
  const problems: string[] = []
  if (secrets.length > MAX_SECRETS) problems.push(`${source} has ${secrets.length} secrets, more than ${MAX_SECRETS}`)
  for (const [at, { id, secret, label }] of secrets.entries()) {
    const earlier = secrets.slice(0, at)
    if (earlier.some(one => one.id === id)) problems.push(`${source} has two secrets with the id ${id}`)
    // whoever ends one of them would think that it is over
    const same = earlier.find(one => one.secret === secret)
    if (same) problems.push(`${label} is the same as ${same.label}`)
  }
  return problems
}

function oneProblem({ label, secret }: Secret, { scheme }: SourceDeclaration, rules: SecretRules): readonly string[] {
  const form = scheme.secretProblem(secret)
  if (form !== undefined) return [`${label} ${form}`]
  if (rules.productionFingerprints.has(fingerprint(secret))) {
    return [
      `${label} is one of production's (PRODUCTION_SECRET_FINGERPRINTS has ${fingerprint(secret)}): register a webhook of its own for this deployment, or, where this is production, do not set PRODUCTION_SECRET_FINGERPRINTS`,
    ]
  }
  const weak = rules.production ? secretProblem(secret) : undefined
  return weak === undefined ? [] : [`${label} ${weak}: set it to the secret that the sender's API returned`]
}
