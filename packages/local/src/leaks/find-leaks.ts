import type { UsedSecret } from './test-record.ts'
import { viewsOf } from './views.ts'

/** What of a line nobody should see. Never shows it: a secret is named by its label. */
export type FindLeaks = (line: string) => string[]

/** The signatures that senders make: HMAC-SHA256 in hex, and Standard Webhooks. pnpm's folders of what is patched are none. */
export const SIGNATURE = /(?<![0-9A-Za-z]|patch_hash=)[0-9a-f]{64}(?![0-9A-Za-z])|v1,[A-Za-z0-9+/]{43}=/
const ADDRESS = /[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*\.[A-Za-z]{2,24}(?![A-Za-z0-9])/g
/** What no log has a reason to show, whoever's it is. */
const LOOKS: readonly (readonly [what: string, RegExp])[] = [
  ['a signature', SIGNATURE],
  ['a token', /eyJ[A-Za-z0-9_-]{8,}\.eyJ/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY/],
  // how Node shows bytes: a body in disguise
  ['bytes', /"type":"Buffer"|<Buffer [0-9a-f]{2} /],
]

/** So much of a secret is searched for: the rest of a long one adds nothing. */
const TELLING = 32

/** Addresses that are nobody's. */
const OURS = new Set([
  // in the webhook that `start` prints, to be pasted into a shell
  'ada@shop.example',
])

/** Finds the secrets of the list wherever they stand, and what by its looks is an address, a signature and so on. */
export function leakFinder(secrets: readonly UsedSecret[]): FindLeaks {
  const labels = new Map(secrets.map(({ label, value }) => [value.slice(0, TELLING), label]))
  const known = secrets.length === 0 ? undefined : new RegExp([...labels.keys()].map(escaped).join('|'), 'g')

  function inView(text: string): string[] {
    const shown = known === undefined ? [] : [...text.matchAll(known)].map(([value]) => labels.get(value) ?? 'a secret')
    const addresses = text.includes('@') ? (text.match(ADDRESS) ?? []) : []
    return [
      ...shown,
      ...(addresses.some(address => !OURS.has(address)) ? ['an address'] : []),
      ...LOOKS.filter(([, look]) => look.test(text)).map(([what]) => what),
    ]
  }

  return line => [...new Set(viewsOf(line).flatMap(inView))]
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}

/** The field of a JSON line that shows what is found, as `err.message`; undefined where the line is no JSON. */
export function fieldOf(line: string, find: FindLeaks): string | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return path(JSON.parse(line))
  } catch {
    return undefined // a line that a kill cut off
  }

  function path(value: unknown): string | undefined {
    if (typeof value !== 'object' || value === null) return undefined
    const found = Object.entries(value).find(([, inner]) => find(JSON.stringify(inner) ?? '').length > 0)
    if (found === undefined) return undefined
    const [name, inner] = found
    const deeper = path(inner)
    return deeper === undefined ? name : `${name}.${deeper}`
  }
}
