import { describe, expect, test } from 'vitest'
import { MAX_DEPTH, MAX_VALUES } from '../src/scan-json.ts'
import { eventOf, hcBody, outcomeOf, pointsBody, read, withMetadata } from './deliveries.ts'

const good = JSON.stringify(pointsBody('approved'))

/** A body of which the whole is as deep as this. */
function ofDepth(depth: number): string {
  return withMetadata('['.repeat(depth - 2) + ']'.repeat(depth - 2))
}

describe('a body that is not one usable JSON object is refused, and never throws', () => {
  test.each([
    ['empty', '', 'not_json'],
    ['only spaces', '  ', 'not_json'],
    ['truncated', good.slice(0, -1), 'not_json'],
    ['an open string', '{"event":"appro', 'not_json'],
    ['an open escape', '{"event\\', 'not_json'],
    ['trailing data', `${good}{}`, 'not_json'],
    ['a second document', `${good}\n${good}`, 'not_json'],
    ['a byte order mark', `\uFEFF${good}`, 'not_json'],
    ['a raw NUL', good.replace('SO-77', 'SO\u0000'), 'not_json'],
    ['a number that is none', withMetadata('1e'), 'not_json'],
    ['closing brackets only', '}]}]', 'not_json'],
    ['null', 'null', 'not_an_object'],
    ['a number', '5', 'not_an_object'],
    ['a text', '"x"', 'not_an_object'],
    ['an array', '[]', 'not_an_object'],
    ['an array with a good body', `[${good}]`, 'not_an_object'],
    ['depth 33', ofDepth(MAX_DEPTH + 1), 'too_deep'],
    ['depth 5,000', ofDepth(5_000), 'too_deep'],
    ['depth 500,000', '['.repeat(500_000), 'too_deep'],
    ['depth 200,000 of objects', '{"a":'.repeat(200_000), 'too_deep'],
    [
      '100,000 keys',
      withMetadata(`{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":1`).join()}}`),
      'too_many_values',
    ],
    ['300,000 empty arrays', withMetadata(`[${'[],'.repeat(300_000)}0]`), 'too_many_values'],
    [
      '17,000 arrays in 600',
      withMetadata(`[${`${'['.repeat(28)}${']'.repeat(28)},`.repeat(600)}0]`),
      'too_many_values',
    ],
    ['1e400', withMetadata('1e400'), 'number_out_of_range'],
    ['-1E+400', withMetadata('[-1E+400]'), 'number_out_of_range'],
    ['400 digits', withMetadata('9'.repeat(400)), 'number_out_of_range'],
    ['__proto__', withMetadata('{"__proto__":{"admin":true}}'), 'forbidden_key'],
    ['__proto__, escaped', withMetadata('{"\\u005f_proto\\u005f_":1}'), 'forbidden_key'],
    ['__proto__ in an array', withMetadata('[[{"a":[{"__proto__":1}]}]]'), 'forbidden_key'],
    ['__proto__ at the root', good.replace('{', '{"__proto__":{},'), 'forbidden_key'],
    ['constructor.prototype', withMetadata('{"constructor":{"prototype":{"admin":true}}}'), 'forbidden_key'],
    ['constructor.prototype, later', withMetadata('{"constructor":{"a":{"b":1},"prototype":1}}'), 'forbidden_key'],
    ['constructor.prototype, escaped', withMetadata('{"c\\u006fnstructor":{"\\u0070rototype":1}}'), 'forbidden_key'],
    ['constructor.prototype as one key', withMetadata('{"constructor.prototype":1}'), 'forbidden_key'],
    ['event twice', good.replace('{', '{"event":"cancelled",'), 'duplicate_key'],
    ['event twice, escaped', good.replace('{', '{"\\u0065vent":"cancelled",'), 'duplicate_key'],
    ['order twice', good.replace('{', '{"order":{},'), 'duplicate_key'],
    ['timestamp twice', good.replace('{', '{"timestamp":1,'), 'duplicate_key'],
    ['order id twice', good.replace('"id"', '"id":"other","id"'), 'duplicate_key'],
    ['order status twice', good.replace('"order_status"', '"order_status":"new","order_status"'), 'duplicate_key'],
    ['any key of the order twice', good.replace('"id"', '"a":1,"a":2,"id"'), 'duplicate_key'],
    ['order id twice in an escaped order', good.replace('"order":{', '"\\u006frder":{"id":"x",'), 'duplicate_key'],
  ])('%s', (_name, body, code) => {
    expect(outcomeOf(read('points', body))).toBe(`refused 400 ${code}`)
  })

  test.each([
    ['type twice', JSON.stringify(hcBody('order.paid')).replace('{', '{"type":"order.created",')],
    ['event id twice', JSON.stringify(hcBody('order.paid')).replace('{', '{"id":"evt_02",')],
    ['data twice', JSON.stringify(hcBody('order.paid')).replace('{', '{"data":{},')],
    ['order id twice', JSON.stringify(hcBody('order.paid')).replace('"data":{', '"data":{"id":"x",')],
    ['order_id twice', '{"id":"e","type":"return.completed","data":{"order_id":"a","order_id":"b"}}'],
    ['order.id twice', '{"id":"e","type":"return.completed","data":{"order":{"id":"a","id":"b"}}}'],
  ])('hc: %s', (_name, body) => {
    expect(outcomeOf(read('hc', body))).toBe('refused 400 duplicate_key')
  })

  test.each([
    ['a lone continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a cut character', [0xe2, 0x82]],
    ['utf-16', [0xff, 0xfe, 0x7b, 0x00]],
  ])('invalid UTF-8: %s', (_name, bytes) => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')])
    expect(outcomeOf(read('points', body))).toBe('refused 400 not_utf8')
  })
})

describe('odd but usable bodies are kept as they were sent', () => {
  test.each([
    ['depth 32', ofDepth(MAX_DEPTH)],
    ['as many values as allowed', withMetadata(`[${'0,'.repeat(MAX_VALUES - 10)}0]`)],
    ['spaces and newlines around', `\n\t ${good} \r\n`],
    ['a key with a dollar, a key with a dot', withMetadata('{"$set":{"a.b":1},"$where":"1"}')],
    ['an empty key', withMetadata('{"":1}')],
    ['a key twice in metadata', withMetadata('{"a":1,"a":2,"id":1,"id":2}')],
    ['a key twice in an object that only looks deciding', withMetadata('{"order":{"id":1,"id":2}}')],
    ['2^53+1', withMetadata('9007199254740993')],
    ['numbers that fit', withMetadata('[1e308,-0,1e-400,0.1e1]')],
    ['__proto__ as a value', withMetadata('["__proto__","constructor.prototype"]')],
    ['constructor without prototype', withMetadata('{"constructor":"Bouygues","prototype":1}')],
    ['constructor and prototype in different objects', withMetadata('[{"constructor":1},{"prototype":1}]')],
    ['prototype beside an earlier constructor', withMetadata('{"constructor":{"a":1},"b":{"prototype":1}}')],
    ['constructor over an array', withMetadata('{"constructor":[{"prototype":1}]}')],
    ['quotes, brackets and escapes in texts', withMetadata('["{\\"event\\":[[[","\\\\",",\\"data\\":"]')],
    ['an escaped NUL', withMetadata('"\\u0000"')],
    ['half an emoji', withMetadata('{"name":"\\ud83d","\\ud83d":1}')],
    ['Arabic and emoji', withMetadata('{"الاسم":"نورة 🌙"}')],
  ])('%s', (_name, body) => {
    expect(eventOf(read('points', body)).body).toBe(body)
  })
})
