/** Only `verified` lets a request in. The others are for people who look for the cause: all are answered alike. */
type Verdict = 'verified' | 'missing' | 'repeated' | 'malformed' | 'mismatch'

/** What no request but the sender's own can pass. Never throws, whatever the bytes and headers are. */
export type Verifier = (request: { body: Buffer; rawHeaders: readonly string[] }) => Verdict

/**
 * The only value of a header. Node joins a header that came twice into one value, so this reads the raw list of names
 * and values.
 */
export function onlyHeader(rawHeaders: readonly string[], name: string): { value: string } | 'missing' | 'repeated' {
  let value: string | undefined
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const candidate = rawHeaders[at]
    if (candidate?.length !== name.length || candidate.toLowerCase() !== name) continue
    if (value !== undefined) return 'repeated'
    value = rawHeaders[at + 1]
  }
  return value === undefined || value === '' ? 'missing' : { value }
}
