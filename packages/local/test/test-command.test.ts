import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lastLine, outcomeOf, withVerdict } from '../src/test-command.ts'
import { run } from './processes.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')

async function runTests(
  fixture: string,
  ...args: string[]
): Promise<{ code: number | null; last: string | undefined; lines: readonly string[] }> {
  const root = join(import.meta.dirname, 'fixtures', fixture)
  // what Vitest sets for its workers would reach the Vitest inside
  const outer = Object.keys(process.env).filter(name => name.startsWith('VITEST'))
  const env = Object.fromEntries(outer.map(name => [name, undefined]))
  const command = run(process.execPath, ['--conditions=source', MAIN, 'test', '--root', root, ...args], env)
  const { code } = await command.ended
  return { code, last: command.lines.at(-1), lines: command.lines }
}

test("the last line has the numbers of Vitest's own report, and a failure is an exit code", async () => {
  expect(await runTests('vitest-mixed')).toMatchObject({ code: 1, last: '2 passed, 1 failed, 1 skipped' })
})

test('arguments go to Vitest, and success is an exit code too', async () => {
  expect(await runTests('vitest-mixed', '-t', 'passes')).toMatchObject({
    code: 0,
    last: '2 passed, 0 failed, 2 skipped',
  })
})

test('a broken set-up never counts as success', async () => {
  expect(await runTests('vitest-broken')).toMatchObject({ code: 1, last: '0 passed, 1 failed' })
})

test('a secret in what a process of a test writes fails a run in which every test passed', async () => {
  const { code, last, lines } = await runTests('vitest-leaking')
  expect({ code, last }).toEqual({ code: 1, last: '1 passed, 1 failed' })
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}\S+-stdout, line 1, msg: SOME_SECRET$/))
})

test('a run that fails without a failed test counts as one failure', () => {
  const report = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
  expect(lastLine(outcomeOf(report, 1))).toBe('7 passed, 1 failed')
  expect(lastLine(outcomeOf(report, 0))).toBe('7 passed, 0 failed')
  expect(lastLine(outcomeOf(undefined, 1))).toBe('0 passed, 1 failed')
})

test('what the search of the output finds is one test more, passed or failed; where there was nothing it is none', () => {
  const outcome = { passed: 7, failed: 0, skipped: 1 }
  expect(lastLine(withVerdict(outcome, { kind: 'clean' }))).toBe('8 passed, 0 failed, 1 skipped')
  expect(lastLine(withVerdict(outcome, { kind: 'failed' }))).toBe('7 passed, 1 failed, 1 skipped')
  expect(lastLine(withVerdict(outcome, { kind: 'none' }))).toBe('7 passed, 0 failed, 1 skipped')
})
