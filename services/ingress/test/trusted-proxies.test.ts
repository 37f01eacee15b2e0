import { BlockList } from 'node:net'
import { describe, expect, test } from 'vitest'
import { clientAddress, trustedProxies } from '../src/trusted-proxies.ts'
import { points } from './requests.ts'
import { runningApp } from './running-app.ts'

function ranges(list: string): BlockList {
  const proxies = trustedProxies(list)
  if (!proxies.ok) throw new Error(proxies.problems.join('; '))
  return proxies.value
}

/** Whose request it is, by the two ends' addresses. */
function address(list: string, remoteAddress: string | undefined, forwarded?: string): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return clientAddress(ranges(list))({ headers, socket: { remoteAddress } } as Parameters<
    ReturnType<typeof clientAddress>
  >[0])
}

const OURS = '10.0.0.0/8, 192.0.2.7/32,fd00::/8'

test.each([
  ['a stranger says whatever it likes', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['a proxy names its client', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['a proxy on a socket for both versions of IP', '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
  ['a proxy of IPv6', 'fd12::1', '2001:db8::5', '2001:db8::5'],
  ['a client that names others before itself', '10.1.2.3', '192.0.2.7, 8.8.8.8, 198.51.100.1', '198.51.100.1'],
  ['two proxies in a row', '10.1.2.3', '8.8.8.8, 198.51.100.1 , 192.0.2.7', '198.51.100.1'],
  ['nobody but proxies', '10.1.2.3', '192.0.2.7,10.9.9.9', '192.0.2.7'],
  ['a proxy that says nothing', '10.1.2.3', undefined, '10.1.2.3'],
  ['a proxy that says nothing useful', '10.1.2.3', '', '10.1.2.3'],
  ['junk instead of an address', '10.1.2.3', '198.51.100.1, <script>', '10.1.2.3'],
  ['an address with a port', '10.1.2.3', '198.51.100.1:5040', '10.1.2.3'],
  ['a proxy after junk', '10.1.2.3', 'unknown, 192.0.2.7', '192.0.2.7'],
  ['a connection that is gone', undefined, '198.51.100.1', ''],
])('%s', (_who, remote, forwarded, expected) => {
  expect(address(OURS, remote, forwarded)).toBe(expected)
})

test.each([
  ['thousands of proxies', '10.0.0.1,'.repeat(1_600), '10.0.0.1'],
  ['thousands of commas', ','.repeat(16_000), '10.1.2.3'],
  ['one endless entry', 'a'.repeat(16_000), '10.1.2.3'],
  ['a cut address', `8.8.8.8${',10.0.0.1'.repeat(1_600)}`, '10.0.0.1'],
])('a header of %s is read only at its end', (_what, forwarded, expected) => {
  expect(address(OURS, '10.1.2.3', forwarded.replace(/,$/, ''))).toBe(expected)
})

test('without ranges nobody is believed', () => {
  for (const list of ['', ' , ']) expect(address(list, '127.0.0.1', '198.51.100.1')).toBe('127.0.0.1')
})

describe('is refused, with a sentence:', () => {
  test.each([
    ['true', /^TRUSTED_PROXIES: true is no CIDR range/],
    ['1', /is no CIDR range/],
    ['loopback', /is no CIDR range/],
    ['10.0.0.1', /is no CIDR range.*192\.0\.2\.1\/32/],
    ['10.0.0.0/255.0.0.0', /is no CIDR range/],
    ['10.0.0/8', /is no CIDR range/],
    ['fe80::1%eth0/64', /is no CIDR range/],
    ['proxy.example/32', /is no CIDR range/],
    ['10.0.0.0/33', /has a prefix longer than an ipv4 address/],
    ['fd00::/129', /has a prefix longer than an ipv6 address/],
    ['0.0.0.0/0', /trusts strangers/],
    ['128.0.0.0/1', /trusts strangers/],
    ['::/0', /trusts strangers/],
    ['::ffff:10.0.0.0/104', /write it as 10\.0\.0\.0\/8/],
    [`${OURS}, *`, /^TRUSTED_PROXIES: \* is no CIDR range/],
  ])('%s', (list, sentence) => {
    expect(trustedProxies(list)).toEqual({ ok: false, problems: [expect.stringMatching(sentence)] })
  })
})

describe('of requests that fail verification, copies are kept for each address,', () => {
  async function copies(proxies: BlockList): Promise<number | undefined> {
    const ingress = await runningApp(async () => undefined, { proxies })
    const client = ingress.connect()
    for (let n = 0; n < 1_010; n++) {
      const headers = { 'x-webhook-secret': 'wrong', 'x-forwarded-for': `198.51.100.${n % 10}` }
      expect((await client.send(points({ headers })).answer())?.statusCode).toBe(401)
    }
    client.close()
    await ingress.app.close()
    return ingress.metric('hookline_quarantine_requests_total{source="points",kind="unverified",outcome="stored"}')
  }

  test('which a trusted proxy names', async () => expect(await copies(ranges('127.0.0.0/8'))).toBe(1_010))
  test('which a stranger cannot choose', async () => expect(await copies(new BlockList())).toBe(1_000))
})
