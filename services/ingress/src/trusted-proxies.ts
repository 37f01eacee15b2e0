import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Of a header that a stranger may have begun, only so much is read from its end. */
const MAX_FORWARDED_CHARS = 1_024

/** Wider ranges are no proxies of ours: `0.0.0.0/0`, or the same in two halves. fc00::/7 is the widest that is private. */
const MIN_PREFIX = { ipv4: 8, ipv6: 7 } as const

/** `problems`: a sentence for each range that is none. */
export type TrustedProxies =
  | { readonly ok: true; readonly value: BlockList }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Of `TRUSTED_PROXIES`: CIDR ranges, separated by commas. */
export function trustedProxies(list = ''): TrustedProxies {
  const value = new BlockList()
  const problems: string[] = []
  for (const range of list.split(',').map(one => one.trim())) {
    if (range === '') continue
    const problem = add(value, range)
    if (problem !== undefined) problems.push(`TRUSTED_PROXIES: ${range} ${problem}`)
  }
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems }
}

/** Adds the range, or says what is wrong with it. */
function add(ranges: BlockList, range: string): string | undefined {
  const [, address = '', digits = ''] = /^([0-9a-f:.]+)\/(\d{1,3})$/i.exec(range) ?? []
  const version = isIP(address)
  if (version === 0) return 'is no CIDR range such as 10.0.0.0/8 or fd00::/8; one address is 192.0.2.1/32'
  if (version === 6 && address.includes('.')) return 'is an IPv4 range written as IPv6: write it as 10.0.0.0/8'
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const prefix = Number(digits)
  if (prefix > (version === 4 ? 32 : 128)) return `has a prefix longer than an ${family} address`
  if (prefix < MIN_PREFIX[family])
    return `trusts strangers: an ${family} range has a prefix of at least ${MIN_PREFIX[family]}`
  ranges.addSubnet(address, prefix, family)
  return undefined
}

/**
 * Whose request it is: the other end of the connection, or, where that is a trusted proxy, what it and the trusted ones
 * before it say in `x-forwarded-for`, from the right. What a stranger wrote into that header stands left of it and is not
 * looked at. Never throws; empty where the connection is gone.
 */
export function clientAddress(proxies: BlockList): (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string {
  const isTrusted = (address: string) => proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

  return ({ headers, socket }) => {
    let address = socket.remoteAddress ?? ''
    // Node joins the header's lines with commas
    const forwarded = String(headers['x-forwarded-for'] ?? '')
    const hops = forwarded.slice(-MAX_FORWARDED_CHARS).split(',')
    // the first one may have been cut
    if (forwarded.length > MAX_FORWARDED_CHARS) hops.shift()
    for (const hop of hops.toReversed()) {
      if (!isTrusted(address)) break
      // a proxy that says no address is believed in nothing further
      if (isIP(hop.trim()) === 0) break
      address = hop.trim()
    }
    return address
  }
}
