import { describe, expect, test } from 'vitest'
import { createLog } from '../src/log.ts'
import { safeError } from '../src/safe-error.ts'

const MARKER = 'MARKER-d41d8cd98f00'

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  write(createLog({ service: 'test', level: 'debug', destination: { write: line => void lines.push(line) } }))
  return lines.join('')
}

describe('a log line', () => {
  test('has the service, the level by name and the time in UTC', () => {
    const line: Record<string, unknown> = JSON.parse(logged(log => log.info({ topic: 't' }, 'hello')))
    expect(line).toMatchObject({ service: 'test', level: 'info', topic: 't', msg: 'hello' })
    expect(line['time']).toMatch(/^\d{4}-.*Z$/)
  })

  const fields = [
    'x-webhook-secret',
    'x-webhook-signature',
    'authorization',
    'cookie',
    'body',
    'email',
    'secret',
    'data',
  ]
  test.each(fields)('never shows %s, at four levels', field => {
    const secret = { [field]: MARKER }
    const text = logged(log => {
      log.info(secret, 'one')
      log.info({ headers: secret }, 'two')
      log.info({ request: { headers: secret } }, 'three')
      log.info({ err: undefined, a: { request: { headers: secret } } }, 'four')
    })
    expect(text.match(/\[withheld\]/g)).toHaveLength(4)
    expect(text).not.toContain(MARKER)
  })
})

test('bytes, values in lists and errors under any name are never shown', () => {
  const error = Object.assign(new Error('said'), { document: MARKER })
  const text = logged(log =>
    log.info({ value: Buffer.from(MARKER), list: [{ Body: MARKER }], reason: error, deep: deep(50) }, 'x'),
  )
  expect(text).toContain('said')
  expect(text).toContain(`[${MARKER.length} bytes]`)
  expect(text).not.toContain(MARKER)
})

test('what is logged is not changed for its owner', () => {
  const fields = { headers: { 'x-webhook-secret': MARKER }, at: new Date(0) }
  const text = logged(log => log.info(fields, 'x'))
  expect(fields.headers['x-webhook-secret']).toBe(MARKER)
  expect(text).toContain('"at":"1970-01-01T00:00:00.000Z"')
})

function deep(levels: number): object {
  return levels === 0 ? { body: MARKER, value: MARKER } : { next: deep(levels - 1) }
}

describe('an error in a log line', () => {
  function driverError(): Error {
    const cause = Object.assign(new Error('E11000 duplicate key'), { code: 11000, result: { document: MARKER } })
    return Object.assign(new Error('write failed', { cause }), {
      code: 'inbox_unavailable',
      writeErrors: [{ op: MARKER }],
    })
  }

  test('shows type, message, code, frames and causes', () => {
    expect(safeError(driverError())).toMatchObject({
      type: 'Error',
      message: 'write failed',
      code: 'inbox_unavailable',
      stack: expect.stringContaining('log.test.ts'),
      cause: { message: 'E11000 duplicate key', code: 11000 },
    })
  })

  test.each(['err', 'error'])('never shows the documents that hang on it, under the key %s', key => {
    expect(logged(log => log.error({ [key]: driverError() }, 'failed'))).not.toContain(MARKER)
    expect(logged(log => log.error(driverError()))).not.toContain(MARKER)
  })

  test('of JSON.parse never shows the text that was parsed', () => {
    const text = logged(log => {
      try {
        JSON.parse(`{"a": ${MARKER}}`)
      } catch (error) {
        log.error({ err: error }, 'failed')
      }
    })
    expect(text).toContain('SyntaxError')
    expect(text).not.toContain(MARKER)
  })

  test.each([undefined, null, MARKER, { body: MARKER }])('is a fixed sentence where %j was thrown', thrown => {
    expect(JSON.stringify(safeError(thrown))).not.toContain(MARKER)
  })

  test('ends, even where its causes go round in a circle', () => {
    const error = new Error('a')
    error.cause = error
    expect(JSON.stringify(safeError(error)).length).toBeLessThan(5_000)
  })
})
