import { rotatingUntil, type SourceEntries } from '@hookline/ingress/secrets'
import type { Answer, Look } from '../answer.ts'
import { Failure } from '../failure.ts'
import { when } from '../text/time.ts'
import { changeSecrets, entriesOf } from './secrets-file.ts'

interface WindowDocument {
  file: string
  source: string
  /** Null: it is closed. */
  rotating_until: string | null
  /** By this machine's clock. */
  now: string
}

export interface WindowOptions {
  readonly file: string
  readonly source: string
  /** Undefined: the window ends. */
  readonly forMs: number | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Opens the rotation window of a source, moves its end, or ends it now. */
export async function secretsWindow({ file, source, forMs, now }: WindowOptions): Promise<Answer> {
  const rotating_until = forMs === undefined ? undefined : new Date(now + forMs).toISOString()
  await changeSecrets(file, before => {
    const own = entriesOf(before, source)
    if (own.secrets.length === 0) {
      throw new Failure('no', `${file} has no secret of ${source}. Make one first: hookline secrets rotate ${source}`)
    }
    if (rotating_until === undefined && openUntil(own, now) === undefined) {
      throw new Failure('no', `No rotation window of ${source} is open.`)
    }
    const { secrets } = own
    return {
      document: { ...before, [source]: { ...(rotating_until !== undefined && { rotating_until }), secrets } },
      told: undefined,
    }
  })
  const document: WindowDocument = {
    file,
    source,
    rotating_until: rotating_until ?? null,
    now: new Date(now).toISOString(),
  }
  return { document, text: look => textOf(document, look) }
}

/** The end of a window that is open at that time. */
export function openUntil(own: SourceEntries, now: number): string | undefined {
  return rotatingUntil(own) > now ? own.rotating_until : undefined
}

function textOf({ source, rotating_until, now }: WindowDocument, look: Look): string {
  if (rotating_until === null) return `The rotation window of ${source} is closed: unknown secrets are answered 401.`
  return [
    look.paint('waiting', `The rotation window of ${source} is open until ${when(rotating_until, now)}.`),
    'Where an ingress has read it, unknown secrets are answered 503 until then, so that the sender tries again.',
  ].join('\n')
}
