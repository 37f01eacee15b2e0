import type { UsedSecret } from './test-record.ts'

const SECRET = /SECRET|PASSWORD|PASSPHRASE|AUTHORIZATION|TOKEN|API_KEY/
/** What names a place, a time or a fingerprint of one is none. */
const NONE = /_(?:FILE|PATH|URL|MS|FINGERPRINTS)$/

/** The secrets in the environment of a process of ours, by the names of their variables. */
export function secretsIn(env: Iterable<readonly [name: string, value: string]>): UsedSecret[] {
  return [...env].flatMap(([name, value]) => {
    if (SECRET.test(name) && !NONE.test(name)) return listed(value).map(one => ({ label: name, value: one }))
    const password = passwordOf(value)
    return password === undefined ? [] : [{ label: `the password in ${name}`, value: password }]
  })
}

/** A variable of several secrets is a JSON list of them. */
function listed(value: string): string[] {
  if (!value.startsWith('[')) return [value]
  return [...value.matchAll(/"secret"\s*:\s*"([^"]+)"/g)].flatMap(([, secret]) => secret ?? [])
}

function passwordOf(value: string): string | undefined {
  const password = /^[a-z][a-z0-9+]*:\/\/[^/?#@:]*:([^/?#@]+)@/.exec(value)?.[1]
  return password && decodeURIComponent(password)
}
