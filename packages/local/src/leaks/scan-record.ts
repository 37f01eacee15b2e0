import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { hasCode } from '../error-code.ts'
import { fieldOf, leakFinder } from './find-leaks.ts'
import type { FindLeaks } from './find-leaks.ts'
import { outputDir, RUNNER, secretsFile } from './test-record.ts'
import type { UsedSecret } from './test-record.ts'

export interface RecordScan {
  /** As `wms.log, line 7, err.message: an address`. */
  readonly leaks: readonly string[]
  /** Of processes and answers; the test runner's own is searched too, and no proof that any was recorded. */
  readonly outputs: number
  readonly bytes: number
  readonly secrets: number
}

/** What no code of ours writes; each with why a run has it. */
const NOT_OURS = [
  // quotes the keys of duplicates: the test of our errors puts addresses into them
  { file: /-mongod\.log$/, line: /"msg":"Index build: failed"/ },
  // a test's name, which stands in the repository anyway; slow ones and failed ones are shown
  { file: new RegExp(`-${RUNNER}$`), line: /^\s*(?:[✓×❯↓]|FAIL\b)/ },
]

/** Searches all that was recorded. Takes a line at a time: the whole may be large. */
export async function scanRecord(dir: string): Promise<RecordScan> {
  const secrets = await usedSecrets(dir)
  const find = leakFinder(secrets)
  const names = (await readdir(outputDir(dir))).toSorted()
  const leaks: string[] = []
  let bytes = 0
  for (const name of names) {
    const file = join(outputDir(dir), name)
    try {
      bytes += (await stat(file)).size
      const skipped = NOT_OURS.filter(one => one.file.test(name)).map(({ line }) => line)
      leaks.push(...(await leaksIn(file, { find, skipped })).map(leak => `${name}, ${leak}`))
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error
      leaks.push(`${name}: gone before it was searched; keep TMPDIR and the checkout on one file system`)
    }
  }
  return { leaks, outputs: names.filter(name => !name.endsWith(`-${RUNNER}`)).length, bytes, secrets: secrets.length }
}

async function leaksIn(
  file: string,
  { find, skipped }: { find: FindLeaks; skipped: readonly RegExp[] },
): Promise<string[]> {
  const leaks: string[] = []
  let number = 0
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    number += 1
    const found = find(line)
    if (found.length === 0 || skipped.some(one => one.test(stripVTControlCharacters(line)))) continue
    const field = fieldOf(line, find)
    leaks.push(`line ${number}${field === undefined ? '' : `, ${field}`}: ${found.join(', ')}`)
  }
  return leaks
}

/** Each once, the longest first: a secret may be the beginning of another. */
async function usedSecrets(dir: string): Promise<UsedSecret[]> {
  const text = await readFile(secretsFile(dir), 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return ''
    throw error
  })
  const all: UsedSecret[] = text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
  const once = new Map(all.map(used => [used.value, used]))
  return [...once.values()].toSorted((a, b) => b.value.length - a.value.length)
}
