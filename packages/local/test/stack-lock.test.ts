import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockStack, StackRunsAlready } from '../src/stack-lock.ts'
import { gone, run } from './processes.ts'
import { testDir, testSession } from './session.ts'

const NEVER = new AbortController().signal

test('two stacks never share a directory', async () => {
  const session = testSession()
  const dir = await testDir(session)
  await lockStack(dir, session.reaper, NEVER)
  await expect(lockStack(dir, testSession().reaper, NEVER)).rejects.toThrow(StackRunsAlready)
})

test('a lock whose holder and its reaper are gone is no lock', async () => {
  const session = testSession()
  const dir = await testDir(session)
  const ended = run(process.execPath, ['--version'])
  await gone(ended.pid)
  await writeFile(join(dir, 'stack.lock'), JSON.stringify({ pid: ended.pid, reaper_pid: ended.pid }))
  await lockStack(dir, session.reaper, NEVER)
  expect(JSON.parse(await readFile(join(dir, 'stack.lock'), 'utf8'))).toMatchObject({ pid: process.pid })
})
