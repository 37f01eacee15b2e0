import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { recordProcesses } from '../src/leaks/record-processes.ts'
import { testRecord } from '../src/leaks/test-record.ts'

test('what a started process writes is recorded, its secrets are listed, and its reader misses nothing', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'hookline-record-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const record = testRecord(dir)
  recordProcesses(record)

  const program = 'process.stdout.write("to stdout"); process.stderr.write("to stderr")'
  const secret = ['made', 'for', 'this', 'test'].join('-')
  const child = spawn(process.execPath, ['-e', program], { env: { SOME_SECRET: secret } })
  // a listener of ours would have made it flow before its reader listens
  await once(child, 'spawn')
  expect(await text(child.stdout)).toBe('to stdout')

  const log = join(dir, 'a.log')
  await writeFile(log, 'to a file')
  record.logFile(log)
  await rm(log)

  const names = await readdir(join(dir, 'output'))
  const outputs = await Promise.all(names.map(name => readFile(join(dir, 'output', name), 'utf8')))
  expect(outputs.toSorted()).toEqual(['to a file', 'to stderr', 'to stdout'])
  expect(JSON.parse(await readFile(join(dir, 'secrets.jsonl'), 'utf8'))).toEqual({
    label: 'SOME_SECRET',
    value: secret,
  })
})
