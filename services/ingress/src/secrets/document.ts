import { parseTime } from '@hookline/contracts'
import type { Secret } from './secret.ts'

/** One secret as it is written down. Times as `parseTime` takes them; left out: without that limit. */
export interface SecretEntry {
  readonly id: string
  readonly secret: string
  readonly not_before?: string
  readonly not_after?: string
}

/** What is written down of one source. */
export interface SourceEntries {
  readonly secrets: readonly SecretEntry[]
  /** The end of its rotation window. */
  readonly rotating_until?: string
}

/** A secrets file, by source. There a source without a window may be the list of its secrets alone. */
export type SecretsDocument = Readonly<Record<string, SourceEntries>>

/** `problems`: sentences without a part of what was read, which may be a secret in the wrong place. */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly string[] }

export const SECRET_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/
const SOURCE_NAME = /^[a-z][a-z0-9-]{0,31}$/
const FIELDS: readonly string[] = ['id', 'secret', 'not_before', 'not_after'] satisfies (keyof SecretEntry)[]
const SOURCE_FIELDS: readonly string[] = ['secrets', 'rotating_until'] satisfies (keyof SourceEntries)[]

/** Of a secrets file. `name`: what it is called in sentences. Never throws. */
export function parseDocument(text: string, name: string): Parsed<SecretsDocument> {
  if (text.trim() === '') return failed(`${name} is empty`)
  const root = parseJson(text)
  if (!isObject(root)) return failed(`${name} is not one JSON object that has a list of secrets for each source`)
  if (!Object.keys(root).every(source => SOURCE_NAME.test(source))) {
    return failed(`${name} has a key that is no name of a source`)
  }
  const document: Record<string, SourceEntries> = {}
  const problems: string[] = []
  for (const [source, value] of Object.entries(root)) {
    const entries = parseSource(value, `${name}: ${source}`)
    if (entries.ok) document[source] = entries.value
    else problems.push(...entries.problems)
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: document }
}

/** As a secrets file has it, each source in its shortest form. */
export function documentText(document: SecretsDocument): string {
  const sources = Object.entries(document).map(([source, entries]) => [
    source,
    entries.rotating_until === undefined ? entries.secrets : entries,
  ])
  return `${JSON.stringify(Object.fromEntries(sources), null, 2)}\n`
}

/** Of a variable that holds the list of one source. Never throws. */
export function parseEntries(text: string, name: string): Parsed<readonly SecretEntry[]> {
  return parseList(parseJson(text), name)
}

/** The entries of one source as they are used. They must have been parsed here. */
export function secretsOf(source: string, entries: readonly SecretEntry[]): readonly Secret[] {
  return entries.map(({ id, secret, not_before, not_after }) => ({
    id,
    label: `secret ${id} of ${source}`,
    secret,
    notBefore: parseTime(not_before) ?? -Infinity,
    notAfter: parseTime(not_after) ?? Infinity,
  }))
}

/** The end of the window: milliseconds since 1970, `-Infinity` where there is none. It must have been parsed here. */
export function rotatingUntil({ rotating_until }: Pick<SourceEntries, 'rotating_until'>): number {
  return parseTime(rotating_until) ?? -Infinity
}

function parseSource(value: unknown, name: string): Parsed<SourceEntries> {
  const { secrets, rotating_until, ...others } = isObject(value) ? value : { secrets: value }
  if (Object.keys(others).length > 0) return failed(`${name} has a field other than ${SOURCE_FIELDS.join(', ')}`)
  const entries = parseList(secrets, name)
  if (!entries.ok) return entries
  if (!isTimeOrNone(rotating_until)) return failed(`${name} has a rotating_until that is not as 2026-01-31T10:00:00Z`)
  return { ok: true, value: { ...(rotating_until !== undefined && { rotating_until }), secrets: entries.value } }
}

function parseList(list: unknown, name: string): Parsed<readonly SecretEntry[]> {
  if (!Array.isArray(list) || list.length === 0) return failed(`${name} is not a JSON list with a secret in it`)
  const entries: SecretEntry[] = []
  const problems: string[] = []
  for (const [at, one] of list.entries()) {
    const entry = entryOf(one)
    if (typeof entry === 'string') problems.push(`${name}[${at}] ${entry}`)
    else entries.push(entry)
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: entries }
}

/** The entry, or what is wrong with it. */
function entryOf(entry: unknown): SecretEntry | string {
  if (!isObject(entry)) return 'is not an object'
  // a misspelt not_after would make a secret valid for ever
  if (!Object.keys(entry).every(field => FIELDS.includes(field))) return `has a field other than ${FIELDS.join(', ')}`
  const { id, secret, not_before, not_after } = entry
  if (typeof id !== 'string' || !SECRET_ID.test(id)) return 'has no id of at most 32 letters, digits, dots, _ and -'
  if (typeof secret !== 'string' || secret === '') return 'has no secret'
  if (secret !== secret.trim()) return 'has a secret that begins or ends with white space'
  if (!isTimeOrNone(not_before)) return 'has a not_before that is not as 2026-01-31T10:00:00Z'
  if (!isTimeOrNone(not_after)) return 'has a not_after that is not as 2026-01-31T10:00:00Z'
  if ((parseTime(not_before) ?? -Infinity) >= (parseTime(not_after) ?? Infinity)) return 'ends before it begins'
  return {
    id,
    secret,
    ...(not_before !== undefined && { not_before }),
    ...(not_after !== undefined && { not_after }),
  }
}

function isTimeOrNone(value: unknown): value is string | undefined {
  return value === undefined || parseTime(value) !== undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // the error's message quotes the text
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function failed(problem: string): { readonly ok: false; readonly problems: readonly string[] } {
  return { ok: false, problems: [problem] }
}
