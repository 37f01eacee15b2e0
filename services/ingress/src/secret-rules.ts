const MIN_SECRET_BYTES = 24

/** What the project's example files call their secrets, and what people type in their place. */
const EXAMPLE = /example|change.?me|placeholder|replace.?me|your.?secret|dummy|secret.?here/i

/** Why a secret must not protect a production endpoint; undefined when it may. Never holds a part of it. */
export function secretProblem(secret: string): string | undefined {
  const bytes = Buffer.byteLength(secret.replace(/^whsec_/, ''))
  if (bytes < MIN_SECRET_BYTES) return `has ${bytes} bytes, fewer than ${MIN_SECRET_BYTES}`
  if (EXAMPLE.test(secret)) return 'is one of an example file'
  if (new Set(secret).size < 8) return 'has fewer than 8 different characters'
  return undefined
}
