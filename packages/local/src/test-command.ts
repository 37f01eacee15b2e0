import { mkdtemp, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { runInForeground } from './foreground.ts'
import { judgeRecord } from './leaks/judge-record.ts'
import type { RecordVerdict } from './leaks/judge-record.ts'
import { scanRecord } from './leaks/scan-record.ts'
import { RUNNER, testRecord } from './leaks/test-record.ts'
import { startReaper } from './reaper.ts'
import { REPOSITORY } from './repository.ts'

/** What we read of Vitest's JSON report. */
interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
}

interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export function testCommand(program: Command): void {
  program
    .command('test')
    .description('Run every test, on a real Kafka and a real MongoDB. Arguments go to Vitest.')
    .argument('[vitest...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(test)
}

async function test(args: readonly string[]): Promise<void> {
  const reaper = startReaper()
  const dir = await mkdtemp(join(tmpdir(), 'hookline-report-'))
  reaper.removeAtEnd(dir)
  const report = join(dir, 'report.json')
  try {
    const vitest = [
      vitestProgram(),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      // behind a pipe it cannot see our terminal
      ...(process.stdout.isTTY && process.stdout.hasColors() ? ['--color'] : []),
      ...args,
    ]
    const record = testRecord(dir)
    const exitCode = await runInForeground(process.execPath, vitest, {
      reaper,
      dir,
      env: { HOOKLINE_TEST_RECORD: dir },
      onOutput: record.output(RUNNER),
    })
    const verdict = judgeRecord(await scanRecord(dir), args.length === 0)
    if (verdict.kind !== 'none') console.log(verdict.sentence)
    const outcome = withVerdict(outcomeOf(await readReport(report), exitCode), verdict)
    process.exitCode = outcome.failed === 0 ? 0 : 1
    console.log(lastLine(outcome))
  } finally {
    await reaper.close()
  }
}

/** A run that failed without a failed test (an unhandled error, a file or a set-up that broke) counts as one failure. */
export function outcomeOf(report: VitestReport | undefined, exitCode: number): Outcome {
  const failed = report?.numFailedTests ?? 0
  return {
    passed: report?.numPassedTests ?? 0,
    failed: exitCode !== 0 ? Math.max(1, failed) : failed,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  }
}

/** What the tests must not have shown is one test more. */
export function withVerdict(outcome: Outcome, { kind }: Pick<RecordVerdict, 'kind'>): Outcome {
  const { passed, failed } = outcome
  if (kind === 'none') return outcome
  return kind === 'clean' ? { ...outcome, passed: passed + 1 } : { ...outcome, failed: failed + 1 }
}

export function lastLine({ passed, failed, skipped }: Outcome): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

async function readReport(file: string): Promise<VitestReport | undefined> {
  try {
    const report: VitestReport = JSON.parse(await readFile(file, 'utf8'))
    return report
  } catch {
    return undefined // Vitest ended before it could write one; its exit code says so too
  }
}

function vitestProgram(): string {
  return join(dirname(createRequire(join(REPOSITORY, 'package.json')).resolve('vitest/package.json')), 'vitest.mjs')
}
