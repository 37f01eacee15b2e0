import { fingerprint } from '@hookline/ingress/secrets'
import type { Answer, Look } from '../answer.ts'
import { when } from '../text/time.ts'
import { rotated, standingOf } from './changes.ts'
import { changeSecrets, entriesOf, newSecret } from './secrets-file.ts'
import { openUntil } from './window.ts'

export interface RotateOptions {
  readonly file: string
  readonly source: string
  readonly id?: string
  readonly overlapMs: number
  /** The sender's own, instead of a new one. */
  readonly given?: string
  /** Milliseconds since 1970. */
  readonly now: number
}

interface RotateDocument {
  file: string
  source: string
  id: string
  /** Shown this once; null where it was given. */
  secret: string | null
  fingerprint: string
  not_before: string
  /** Those before it that are valid too, and until when. */
  beside: readonly { id: string; not_after: string | null }[]
  /** The end of the rotation window; null where none is open. */
  rotating_until: string | null
}

/** Adds a secret to a source that is valid at once, and ends those before it after the overlap. */
export async function secretsRotate(options: RotateOptions): Promise<Answer> {
  const { file, source, id, overlapMs, given, now } = options
  const secret = given ?? newSecret()
  const document = await changeSecrets<RotateDocument>(file, before => {
    const own = entriesOf(before, source)
    const { entries, added } = rotated(own.secrets, { source, id, secret, overlapMs, now })
    const beside = entries
      .filter(entry => entry !== added && standingOf(source, entry, now) === 'valid')
      .map(entry => ({ id: entry.id, not_after: entry.not_after ?? null }))
    const told = {
      file,
      source,
      id: added.id,
      secret: given === undefined ? secret : null,
      fingerprint: fingerprint(secret),
      not_before: new Date(now).toISOString(),
      beside,
      rotating_until: openUntil(own, now) ?? null,
    }
    return { document: { ...before, [source]: { ...own, secrets: entries } }, told }
  })
  return { document, text: look => textOf(document, look) }
}

function textOf(
  { file, source, id, secret, beside, not_before, rotating_until, ...told }: RotateDocument,
  look: Look,
): string {
  const others = beside.map(
    one => `${one.id} until ${one.not_after === null ? 'it is ended' : when(one.not_after, not_before)}`,
  )
  return [
    ...(secret === null ? [] : [secret, '', look.paint('waiting', 'It is shown this once.')]),
    `${look.paint('title', id)} of ${source} is in ${file}, fingerprint ${told.fingerprint}.`,
    others.length === 0 ? 'It is the only one that is valid.' : `Valid beside it: ${others.join(', ')}.`,
    ...(rotating_until === null
      ? []
      : [`The rotation window is open until ${when(rotating_until, not_before)}: unknown secrets are answered 503.`]),
    'When every ingress has read it (log line "secrets reloaded"), let the sender use it.',
    ...(rotating_until === null
      ? [`If the sender uses it before: hookline secrets window ${source} --for 30m --file ${file}`]
      : []),
  ].join('\n')
}
