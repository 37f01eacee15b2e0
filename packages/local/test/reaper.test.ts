import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { waitFor } from '../src/wait-for.ts'
import { gone, isAlive, run } from './processes.ts'

const PARENT = join(import.meta.dirname, 'fixtures/parent.ts')
const SERVICE = join(import.meta.dirname, 'fixtures/small-service.ts')

test('after a SIGKILL of the parent no child, no reaper and no throw-away directory is left', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'hookline-reaper-'))
  const parent = run(process.execPath, [PARENT, dir, SERVICE])
  const pids: { child: number; reaper: number } = JSON.parse(await parent.line(/^\{/))
  expect([pids.child, pids.reaper].map(isAlive)).toEqual([true, true])
  process.kill(parent.pid, 'SIGKILL')
  await gone(pids.child, pids.reaper)
  await waitFor('the removal of the directory', async () => (existsSync(dir) ? undefined : true), { limitMs: 10_000 })
})

test('what reaches the whole process group does not reach the children or the reaper', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'hookline-reaper-'))
  const parent = run(process.execPath, [PARENT, dir, SERVICE])
  const pids: { child: number; reaper: number } = JSON.parse(await parent.line(/^\{/))
  process.kill(-parent.pid, 'SIGSTOP')
  process.kill(-parent.pid, 'SIGINT')
  // stopped, the parent cannot have passed anything on
  expect([pids.child, pids.reaper].map(isAlive)).toEqual([true, true])
  process.kill(-parent.pid, 'SIGCONT')
  await gone(parent.pid, pids.child, pids.reaper)
})
