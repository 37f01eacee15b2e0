// An allow-list: a header that somebody adds later may hold a secret.
const KEPT = ['content-type', 'user-agent', 'x-request-id', 'x-webhook-event'] as const

/** Enough for a user agent, and small against a body. */
const MAX_LENGTH = 256

/** The headers that are kept with an event or in quarantine: no secret, no signature, no address; each cut at 256. */
export function keptHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of KEPT) {
    const value = headers[name]
    if (value !== undefined) kept[name] = (typeof value === 'string' ? value : value.join(', ')).slice(0, MAX_LENGTH)
  }
  return kept
}
