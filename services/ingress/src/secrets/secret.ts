/** One secret of a source. */
export interface Secret {
  /** `[A-Za-z0-9][A-Za-z0-9._-]{0,31}`, unique within its source. It is shown; the secret never is. */
  readonly id: string
  /** What it is called in sentences for people: its variable, or its id and source. */
  readonly label: string
  readonly secret: string
  /** Milliseconds since 1970; valid from then on. `-Infinity`: always was. */
  readonly notBefore: number
  /** Milliseconds since 1970; not valid any more at that very time. `Infinity`: no end is planned. */
  readonly notAfter: number
}

export interface SourceSecrets {
  readonly secrets: readonly Secret[]
  /**
   * Milliseconds since 1970. Until then the secret is being rotated: one that is not known may be one that we have not
   * got yet, and what was made with it is to be sent again. `-Infinity`: no window was declared.
   */
  readonly rotatingUntil: number
}

/** By the catalogue's name of the source. */
export type SecretsBySource = ReadonlyMap<string, SourceSecrets>

export type Standing = 'valid' | 'not_yet_valid' | 'expired'

/** `now`: milliseconds since 1970. */
export function standing({ notBefore, notAfter }: Pick<Secret, 'notBefore' | 'notAfter'>, now: number): Standing {
  if (now >= notAfter) return 'expired'
  return now < notBefore ? 'not_yet_valid' : 'valid'
}

/** A secret without a window. */
export function unlimited(id: string, secret: string, label: string): Secret {
  return { id, secret, label, notBefore: -Infinity, notAfter: Infinity }
}

/** Those that let requests of a source in. `now`: milliseconds since 1970. */
export function validSecrets(secrets: SecretsBySource, source: string, now: number): readonly Secret[] {
  return (secrets.get(source)?.secrets ?? []).filter(secret => standing(secret, now) === 'valid')
}

/** Whether a rotation window of the source is open. `now`: milliseconds since 1970. */
export function rotating(secrets: SecretsBySource, source: string, now: number): boolean {
  return now < (secrets.get(source)?.rotatingUntil ?? -Infinity)
}
