import { declaredSources, fingerprint, secretProblem, type SecretEntry, type Standing } from '@hookline/ingress/secrets'
import type { Answer, Look } from '../answer.ts'
import { table } from '../text/table.ts'
import { when } from '../text/time.ts'
import { standingOf } from './changes.ts'
import { readSecrets } from './secrets-file.ts'
import { openUntil } from './window.ts'

/** One secret without itself. */
interface ListedSecret {
  id: string
  standing: Standing
  not_before: string | null
  not_after: string | null
  /** Null where the secret can be guessed: see `weak`. */
  fingerprint: string | null
  /** Why production refuses it, to be read after its name. */
  weak: string | null
}

interface SecretsListDocument {
  file: string
  /** By this machine's clock. */
  now: string
  sources: Record<string, readonly ListedSecret[]>
  /** By source, the end of each rotation window that is open. */
  rotating_until: Record<string, string>
}

const STANDINGS = {
  valid: ['good', 'valid'],
  not_yet_valid: ['waiting', 'planned'],
  expired: ['quiet', 'over'],
} as const satisfies Record<Standing, readonly [Parameters<Look['paint']>[0], string]>

/** The secrets of a file: what they are called, when they are valid, by what they can be told from others. */
export async function secretsList({ file, now }: { file: string; now: number }): Promise<Answer> {
  const found = await readSecrets(file)
  const sources = Object.fromEntries(
    Object.entries(found).map(([source, entries]) => [
      source,
      entries.secrets.map(entry => listed(source, entry, now)),
    ]),
  )
  const rotating_until = Object.fromEntries(
    Object.entries(found).flatMap(([source, own]) => {
      const until = openUntil(own, now)
      return until === undefined ? [] : [[source, until]]
    }),
  )
  const document: SecretsListDocument = { file, now: new Date(now).toISOString(), sources, rotating_until }
  const unknown = Object.keys(sources).filter(
    name => !declaredSources.some(({ catalogue }) => catalogue.source === name),
  )
  return {
    document,
    text: look => textOf(document, look),
    ...(unknown.length > 0 && {
      problem: `The ingress refuses this file: there is no source ${unknown.join(', ')}.`,
    }),
  }
}

function listed(source: string, entry: SecretEntry, now: number): ListedSecret {
  const weak = secretProblem(entry.secret) ?? null
  return {
    id: entry.id,
    standing: standingOf(source, entry, now),
    not_before: entry.not_before ?? null,
    not_after: entry.not_after ?? null,
    fingerprint: weak === null ? fingerprint(entry.secret) : null,
    weak,
  }
}

function textOf({ sources, now, rotating_until }: SecretsListDocument, look: Look): string {
  const rows = Object.entries(sources).flatMap(([source, secrets]) => secrets.map(secret => ({ source, ...secret })))
  const [titles, ...lines] = table(
    [{ title: 'SOURCE' }, { title: 'ID' }, { title: 'IS' }, { title: 'FINGERPRINT' }],
    rows.map(one => [one.source, one.id, STANDINGS[one.standing][1], one.fingerprint ?? 'none']),
  )
  const told = rows.flatMap((one, n) => {
    const { not_before, not_after, weak, standing } = one
    const details = [
      ...(not_before === null ? [] : [`from ${when(not_before, now)}`]),
      ...(not_after === null ? [] : [`to ${when(not_after, now)}`]),
      ...(weak === null ? [] : [`${weak}: production refuses it, and its fingerprint would tell too much`]),
    ]
    return [look.paint(STANDINGS[standing][0], lines[n] ?? ''), ...details.map(detail => `    ${detail}`)]
  })
  const windows = Object.entries(rotating_until).map(
    ([source, until]) => `The rotation window of ${source} is open until ${when(until, now)}.`,
  )
  return [titles, ...told, ...windows.map(line => look.paint('waiting', line))].join('\n')
}
