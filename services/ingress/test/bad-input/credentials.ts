import { HC_SECRET, POINTS_SECRET, signatureOf } from '../requests.ts'
import { secretOf } from '../schemes.ts'
import { answered } from './row.ts'
import type { BadInput } from './row.ts'
import { post } from './senders.ts'
import type { Sender } from './senders.ts'

type Value = string | readonly string[] | undefined

/** What one header of the sender's may not be. */
const OF_ONE_HEADER: Readonly<Record<string, (sender: Sender) => readonly (readonly [string, string, Value])[]>> = {
  points: ({ secret }) =>
    rows('x-webhook-secret', secret, {
      'twice, once wrong': ['x', secret],
      'joined by a comma': `${secret}, ${secret}`,
      'one byte short': secret.slice(0, -1),
      'one byte long': `${secret}x`,
      'the right prefix': secret.slice(0, 4),
      'in upper case': secret.toUpperCase(),
      quoted: `"${secret}"`,
      'with its scheme': `Bearer ${secret}`,
      'of 12 KB': secret.repeat(500),
      "another source's": HC_SECRET,
    }),
  hc: sender => {
    const body = sender.body()
    const right = signatureOf(body)
    return rows('x-webhook-signature', right, {
      'of another secret': signatureOf(body, POINTS_SECRET),
      'of the secret without whsec_': signatureOf(body, HC_SECRET.slice('whsec_'.length)),
      'of a re-serialised body': signatureOf(JSON.stringify(JSON.parse(body), null, 1)),
      'of the empty body': signatureOf(''),
      'in upper-case hex': right.toUpperCase(),
      'in base64': Buffer.from(right, 'hex').toString('base64'),
      'the right prefix': right.slice(0, 32),
      'with a tail': `${right}00`,
      'with a scheme': `sha256=${right}`,
      'with a character outside hex': `${right.slice(0, 63)}g`,
      'of 12 KB': right.repeat(190),
      'the secret itself': HC_SECRET,
    })
  },
  'side-shop': sender => {
    const body = Buffer.from(sender.body())
    const sent = sender.credential(body, sender.secret)
    const right = sent['webhook-signature'] ?? ''
    const stamp = sent['webhook-timestamp'] ?? ''
    const hex = Buffer.from(right.slice(3), 'base64').toString('hex')
    const of = (signed: string) => sender.credential(Buffer.from(signed), sender.secret)['webhook-signature']
    return [
      ...rows('webhook-signature', right, {
        'of another secret': sender.credential(body, secretOf(99))['webhook-signature'],
        'of a re-serialised body': of(JSON.stringify(JSON.parse(sender.body()), null, 1)),
        'of the empty body': of(''),
        'without its version': right.slice('v1,'.length),
        'of another version': right.replace('v1,', 'v2,'),
        'in hex': `v1,${hex}`,
        'in upper case': right.toUpperCase(),
        'the right prefix': right.slice(0, 20),
        'with a tail': `${right}A`,
        'of 12 KB': Array(250).fill(right).join(' '),
      }),
      ...rows('webhook-timestamp', stamp, {
        'of an hour ago': `${Number(stamp) - 3_600}`,
        'of an hour ahead': `${Number(stamp) + 3_600}`,
        'a second later': `${Number(stamp) + 1}`,
        'in milliseconds': `${stamp}000`,
        negative: `-${stamp}`,
      }),
      ...rows('webhook-id', sent['webhook-id'] ?? '', { 'of another message': 'msg_2', 'with a full stop': 'msg_1.2' }),
    ]
  },
}

/** Every header can be missing, empty or there twice. */
function rows(header: string, right: string, others: Readonly<Record<string, Value>>) {
  const wrong = { missing: undefined, empty: '', twice: [right, right], ...others }
  return Object.entries(wrong).map(([name, value]) => [header, name, value] as const)
}

export function credentials(sender: Sender): BadInput[] {
  const refused = answered(401, 'unauthenticated', sender.source)
  const ofOneHeader = OF_ONE_HEADER[sender.source]?.(sender) ?? []
  return [
    ...ofOneHeader.map(([header, name, value]) =>
      refused(`${header} ${name}`, post(sender, { headers: { [header]: value } })),
    ),
    refused('the previous secret after its overlap', post(sender, {}, sender.ended)),
    refused('the next secret before its start', post(sender, {}, sender.next)),
    refused('wrong secret with a body that is no JSON', post(sender, { body: '{' }, secretOf(99))),
    refused('wrong secret with an empty body', post(sender, { body: '' }, secretOf(99))),
    refused('no credential at all, and a forbidden key', withoutCredential(sender, '{"__proto__":1}')),
    // the scheme refuses them before it compares: different broken bytes would have one signature
    ...(sender.source === 'side-shop'
      ? [refused('a signed body of invalid UTF-8', post(sender, { body: Buffer.from([0x7b, 0xff, 0x7d]) }))]
      : []),
  ]
}

function withoutCredential(sender: Sender, body: string): Buffer {
  const names = Object.keys(sender.credential(Buffer.alloc(0), sender.secret))
  return post(sender, { body, headers: Object.fromEntries(names.map(name => [name, undefined])) })
}
