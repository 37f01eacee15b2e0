import { randomUUID } from 'node:crypto'
import { appendFileSync, linkSync, mkdirSync, statSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { hasCode } from '../error-code.ts'
import { localEnvironment } from '../environment.ts'

/**
 * What a run of the tests wrote and which secrets it used, in a folder that all its processes share, so that the one
 * can be searched for the other at its end: `output/` and `secrets.jsonl`.
 */
export interface TestRecord {
  /** `label` is what a leak is called by: the secret itself is never shown. */
  readonly secret: (label: string, value: string) => void
  /** A place for what one process, or one answer, says. */
  readonly output: (name: string) => (chunk: string | Uint8Array) => void
  /** A log file that a process writes by itself. It may be removed before the run ends. */
  readonly logFile: (path: string) => void
}

export interface UsedSecret {
  readonly label: string
  readonly value: string
}

/** Anything shorter is in every text. */
const SHORTEST_SECRET = 7

/** The name of the output of the test runner itself. */
export const RUNNER = 'vitest'

export function outputDir(dir: string): string {
  return join(dir, 'output')
}

export function secretsFile(dir: string): string {
  return join(dir, 'secrets.jsonl')
}

export function testRecord(dir: string): TestRecord {
  const known = new Set<string>()
  const linked = new Set<string>()
  // not the pid, which another process of a long run may get again
  const writer = randomUUID().slice(0, 8)
  let count = 0
  mkdirSync(outputDir(dir), { recursive: true })
  const place = (name: string) => join(outputDir(dir), `${writer}-${++count}-${name.replaceAll('/', '_')}`)

  return {
    secret(label, value) {
      if (value.length < SHORTEST_SECRET || known.has(value)) return
      known.add(value)
      const used: UsedSecret = { label, value }
      appendFileSync(secretsFile(dir), `${JSON.stringify(used)}\n`, { mode: 0o600 })
    },
    output(name) {
      let file: string | undefined
      return chunk => appendFileSync((file ??= place(name)), chunk)
    },
    logFile(path) {
      // the file, not its name: a stack that begins afresh has another one there
      const { dev, ino } = statSync(path)
      if (linked.has(`${dev}:${ino}`)) return
      linked.add(`${dev}:${ino}`)
      const target = place(basename(path))
      try {
        linkSync(path, target)
      } catch (error) {
        if (!hasCode(error, 'EXDEV')) throw error
        symlinkSync(path, target)
      }
    },
  }
}

let ours: TestRecord | undefined

/** The record of the run that this process is part of; undefined where nobody keeps one. */
export function ourTestRecord(): TestRecord | undefined {
  const { testRecordDir } = localEnvironment()
  return testRecordDir === undefined ? undefined : (ours ??= testRecord(testRecordDir))
}
