import { answered } from './row.ts'
import type { BadInput } from './row.ts'
import { post } from './senders.ts'
import type { Sender } from './senders.ts'

/** Every way to write a key that no event may have, as members of an object. */
const FORBIDDEN = [
  String.raw`"__proto__":{"a":1}`,
  String.raw`"__proto__":null`,
  String.raw`"\u005f_proto__":1`,
  String.raw`"\u005F\u005Fproto\u005f_":1`,
  String.raw`"__prot\u006f__":1`,
  String.raw`"\u005f\u005f\u0070\u0072\u006f\u0074\u006f\u005f\u005f":1`,
  String.raw`"a":[[{"__proto__":1}]]`,
  String.raw`"a":{"b":{"__proto__":{}}}`,
  String.raw`"constructor":{"prototype":{}}`,
  String.raw`"constructor":{"a":[{}],"prototype":1}`,
  String.raw`"c\u006fnstructor":{"prototype":1}`,
  String.raw`"constructor":{"pr\u006ftotype":1}`,
  String.raw`"constructor.prototype":1`,
  String.raw`"constructor\u002eprototype":1`,
]
const DEPTHS = [33, 5_000, 500_000]

export function json(sender: Sender): BadInput[] {
  const { source, fields } = sender
  const notJson = answered(400, 'not_json', source)
  const notAnObject = answered(400, 'not_an_object', source)
  const tooDeep = answered(400, 'too_deep', source)
  const tooMany = answered(400, 'too_many_values', source)
  const twice = answered(400, 'duplicate_key', source)
  const forbidden = answered(400, 'forbidden_key', source)
  const outOfRange = answered(400, 'number_out_of_range', source)

  const sent = (body: string) => post(sender, { body })
  const atRoot = (members: string) => sent(sender.body().replace('{', `{${members},`))
  const inOrder = (members: string) =>
    sent(sender.body().replace(`"${fields.order}":{`, `"${fields.order}":{${members},`))
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  const escaped = (name: string) => `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`

  return [
    notJson('truncated', sent(sender.body().slice(0, -5))),
    notJson('trailing data', sent(`${sender.body()}{}`)),
    notJson('a comment', sent(sender.body().replace('{', '{/* */'))),
    notJson('a trailing comma', sent(sender.body().replace(/\}$/, ',}'))),
    notJson('single quotes', sent(sender.body().replaceAll('"', "'"))),
    notJson('NaN', atRoot('"n":NaN')),
    notJson('a number in hex', atRoot('"n":0x10')),
    notJson('a broken escape', atRoot(String.raw`"n":"\x41"`)),
    ...['null', '5', '"x"', '[]', 'true'].map(body => notAnObject(`body ${body}`, sent(body))),
    notAnObject('a good body in an array', sent(`[${sender.body()}]`)),
    ...DEPTHS.map(levels => tooDeep(`depth ${levels}`, sent(nested(levels)))),
    ...DEPTHS.map(levels => tooDeep(`depth ${levels} in a good body`, atRoot(`"x":${nested(levels)}`))),
    tooDeep('depth 100,000 of objects', atRoot(`"x":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)),
    tooDeep('depth 500,000 that never ends', sent('['.repeat(500_000))),
    tooMany('100,000 keys', inOrder(Array.from({ length: 100_000 }, (_, n) => `"${n}":1`).join())),
    tooMany('500,000 values', atRoot(`"x":[${'0,'.repeat(500_000)}0]`)),
    twice('event twice', atRoot(`"${fields.event}":"cancelled"`)),
    twice('event twice, once escaped', atRoot(`${escaped(fields.event)}:"cancelled"`)),
    twice('time twice', atRoot(`"${fields.time}":"2026-03-01T10:00:00Z"`)),
    twice('order twice', atRoot(`"${fields.order}":{}`)),
    twice('order id twice', inOrder(`"${fields.orderId}":"other"`)),
    twice('order id twice, once escaped', inOrder(`${escaped(fields.orderId)}:"other"`)),
    ...FORBIDDEN.flatMap(members => [
      forbidden(`${members} at the root`, atRoot(members)),
      forbidden(`${members} in the order`, inOrder(members)),
      forbidden(`${members} in metadata`, inOrder(`"metadata":{${members}}`)),
    ]),
    outOfRange('1e400', atRoot('"n":1e400')),
    outOfRange('-1E+400 in an array', inOrder('"n":[-1E+400]')),
    outOfRange('400 digits', inOrder(`"n":${'9'.repeat(400)}`)),
  ]
}
