import {
  declaredSources,
  MAX_SECRETS,
  secretProblem,
  secretsOf,
  type SecretEntry,
  setProblems,
  standing,
  type Standing,
} from '@hookline/ingress/secrets'
import { Failure } from '../failure.ts'

/** How long what is over stays in the file: a sender that still uses it is named in the log. */
const KEEP_EXPIRED_MS = 30 * 86_400_000

export interface Rotation {
  readonly source: string
  /** Undefined: the day, and a number where that is taken. */
  readonly id: string | undefined
  readonly secret: string
  /** How long those before it stay valid. */
  readonly overlapMs: number
  /** Milliseconds since 1970. */
  readonly now: number
}

export interface Rotated {
  readonly entries: readonly SecretEntry[]
  readonly added: SecretEntry
}

/** The entries with a new secret, valid from now on, and an end to those before it. Throws a `Failure`. */
export function rotated(entries: readonly SecretEntry[], rotation: Rotation): Rotated {
  const { source, secret, overlapMs, now } = rotation
  const kept = withoutOld(entries, source, now)
  const id = rotation.id ?? freeId(kept, now)
  const weak = formProblem(source, secret) ?? secretProblem(secret)
  if (weak !== undefined) throw new Failure('no', `The new secret ${weak}. Nothing was changed.`)
  const added: SecretEntry = { id, secret, not_before: iso(now) }
  const changed = [...kept.map(entry => endedBy(entry, source, { at: now + overlapMs, now })), added]
  const problems = setProblems(source, secretsOf(source, changed))
  if (problems.length > 0) throw new Failure('no', `${problems.join('\n')}\nNothing was changed.`)
  return { entries: changed, added }
}

/** The entries with an end, now, to one of them. Throws a `Failure` where that would let nobody in, or is no change. */
export function expired(
  entries: readonly SecretEntry[],
  { source, id, now }: { source: string; id: string; now: number },
): readonly SecretEntry[] {
  const entry = entries.find(one => one.id === id)
  if (entry === undefined) {
    const ids = entries.map(one => one.id).join(', ')
    throw new Failure('no', `${source} has no secret "${id}"${ids === '' ? '' : `; it has ${ids}`}.`)
  }
  if (standingOf(source, entry, now) === 'expired') throw new Failure('no', `${id} is over since ${entry.not_after}.`)
  const others = entries.filter(one => one !== entry)
  if (standingOf(source, entry, now) === 'valid' && !others.some(one => standingOf(source, one, now) === 'valid')) {
    throw new Failure(
      'no',
      `${id} is the only secret of ${source} that is valid now: every webhook of it would be refused. Make another one first: hookline secrets rotate ${source}`,
    )
  }
  return entries.flatMap(one => (one === entry ? ended(one, source, now) : [one]))
}

export function standingOf(source: string, entry: SecretEntry, now: number): Standing {
  return standing(windowOf(source, entry), now)
}

/** What is planned and never began leaves the file: an end before its beginning would be no window. */
function ended(entry: SecretEntry, source: string, now: number): readonly SecretEntry[] {
  return windowOf(source, entry).notBefore >= now ? [] : [{ ...entry, not_after: iso(now) }]
}

/** What is not valid yet is left as it is planned. */
function endedBy(entry: SecretEntry, source: string, { at, now }: { at: number; now: number }): SecretEntry {
  const { notBefore, notAfter } = windowOf(source, entry)
  return notBefore > now || notAfter <= at ? entry : { ...entry, not_after: iso(at) }
}

/** Without what was over long ago, and the oldest of what is over where there would be too many. */
function withoutOld(entries: readonly SecretEntry[], source: string, now: number): readonly SecretEntry[] {
  const kept = entries.filter(entry => windowOf(source, entry).notAfter > now - KEEP_EXPIRED_MS)
  const tooMany = kept.length + 1 - MAX_SECRETS
  if (tooMany <= 0) return kept
  const over = kept
    .filter(entry => standingOf(source, entry, now) === 'expired')
    .toSorted((a, b) => windowOf(source, a).notAfter - windowOf(source, b).notAfter)
    .slice(0, tooMany)
  return kept.filter(entry => !over.includes(entry))
}

function formProblem(source: string, secret: string): string | undefined {
  if (secret !== secret.trim()) return 'begins or ends with white space'
  return declaredSources.find(({ catalogue }) => catalogue.source === source)?.scheme.secretProblem(secret)
}

function freeId(entries: readonly SecretEntry[], now: number): string {
  const day = iso(now).slice(0, 10)
  const taken = new Set(entries.map(({ id }) => id))
  for (let n = 1; ; n++) {
    const id = n === 1 ? day : `${day}-${n}`
    if (!taken.has(id)) return id
  }
}

function windowOf(source: string, entry: SecretEntry) {
  const [secret] = secretsOf(source, [entry])
  return secret ?? { notBefore: -Infinity, notAfter: Infinity }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
