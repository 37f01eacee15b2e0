import { fingerprint, secretProblem } from '@hookline/ingress/secrets'
import type { Answer } from '../answer.ts'
import { Failure } from '../failure.ts'
import { readSecrets } from './secrets-file.ts'

interface FingerprintsDocument {
  /** Of every secret, the ones that are over as well: none of them may be used elsewhere. */
  fingerprints: readonly string[]
  /** Secrets that can be guessed have none: the fingerprint would confirm the guess. */
  left_out: readonly { source: string; id: string; weak: string }[]
}

/** The fingerprints of a file, as `PRODUCTION_SECRET_FINGERPRINTS` takes them. */
export async function secretsFingerprints(file: string): Promise<Answer> {
  const found = Object.entries(await readSecrets(file)).flatMap(([source, { secrets }]) =>
    secrets.map(({ id, secret }) => ({ source, id, secret, weak: secretProblem(secret) })),
  )
  const document: FingerprintsDocument = {
    fingerprints: found.flatMap(({ secret, weak }) => (weak === undefined ? [fingerprint(secret)] : [])),
    left_out: found.flatMap(({ source, id, weak }) => (weak === undefined ? [] : [{ source, id, weak }])),
  }
  const left = document.left_out.map(({ source, id, weak }) => `${id} of ${source} has no fingerprint: it ${weak}.`)
  return {
    document,
    text: () => document.fingerprints.join(','),
    ...(left.length > 0 && { problem: left.join('\n') }),
  }
}

/** The fingerprint of one secret. Throws a `Failure` where it can be guessed. */
export function givenFingerprint(secret: string): Answer {
  const weak = secretProblem(secret)
  if (weak !== undefined) throw new Failure('no', `This secret ${weak}: its fingerprint would tell too much.`)
  const document: FingerprintsDocument = { fingerprints: [fingerprint(secret)], left_out: [] }
  return { document, text: () => document.fingerprints.join(',') }
}
