import { describe, expect, test } from 'vitest'
import { startFixture } from './service-process.ts'
import type { LogLine } from './service-process.ts'

function messages(lines: readonly LogLine[]): string[] {
  return lines.map(line => line.msg)
}

describe.concurrent('a signal', { timeout: 60_000 }, () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s closes last opened first and exits with 0', async signal => {
    const service = startFixture('two-resources')
    await service.line('ready')
    service.child.kill(signal)
    const { code, lines } = await service.ended
    expect(code).toBe(0)
    expect(messages(lines)).toEqual(['ready', 'closing', 'closed second', 'closed first', 'closed'])
  })

  test('exits with 1 when something could not be closed, having closed the rest', async () => {
    const service = startFixture('two-resources', { CLOSE: 'fails' })
    await service.line('ready')
    service.child.kill('SIGTERM')
    const { code, lines } = await service.ended
    expect(code).toBe(1)
    expect(messages(lines)).toContain('could not be closed')
    expect(messages(lines)).toContain('closed first')
  })

  test('exits with 1 when the close does not end within CLOSE_GRACE_MS', async () => {
    const service = startFixture('two-resources', { CLOSE: 'hangs', CLOSE_GRACE_MS: '1000' })
    await service.line('ready')
    service.child.kill('SIGTERM')
    const { code, lines } = await service.ended
    expect(code).toBe(1)
    expect(messages(lines)).toContain('not closed in time')
  })
})

describe.concurrent('a process that cannot go on says why, closes what it opened and exits with 1', {
  timeout: 60_000,
}, () => {
  test.each([
    ['start', 'could not start', 'cannot start'],
    ['call', 'failed', 'called fail'],
    ['throw', 'crashed', 'nobody catches this'],
    ['reject', 'crashed', 'nobody handles this'],
    ['reject with nothing', 'crashed', undefined],
  ])('%s', async (fail, msg, message) => {
    const { code, lines, errors } = await startFixture('two-resources', { FAIL: fail }).ended
    expect(code).toBe(1)
    expect(lines.find(line => line.level === 'fatal')).toMatchObject({ msg, ...(message && { err: { message } }) })
    expect(messages(lines).slice(-2)).toEqual(['closed second', 'closed first'])
    expect(errors).toBe('')
  })

  test('even when what it opened does not close', async () => {
    const { code } = await startFixture('two-resources', { FAIL: 'call', CLOSE: 'hangs' }).ended
    expect(code).toBe(1)
  })
})

test('a refused start is one line of sentences and exit code 1', { timeout: 60_000 }, async () => {
  const { code, lines, errors } = await startFixture('two-resources', { LOG_LEVEL: 'loud', KAFKA_BROKERS: '' }).ended
  expect(code).toBe(1)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({ level: 'fatal', msg: 'not starting' })
  expect(lines[0]?.['problems']).toHaveLength(2)
  expect(errors).toBe('')
})
