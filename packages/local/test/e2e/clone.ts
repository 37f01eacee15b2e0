import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { REPOSITORY } from '../../src/repository.ts'

/** A clone of this repository as it is now, with what is not committed; nothing is installed in it. */
export async function clone(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'hookline-clone-'))
  await git('clone', '--quiet', REPOSITORY, dir)
  for (const path of await listed('--deleted')) await rm(join(dir, path), { force: true })
  const deleted = new Set(await listed('--deleted'))
  for (const path of await listed('--modified', '--others', '--exclude-standard')) {
    if (!deleted.has(path)) await cp(join(REPOSITORY, path), join(dir, path))
  }
  return dir
}

async function listed(...which: readonly string[]): Promise<readonly string[]> {
  return (await git('ls-files', '-z', ...which)).split('\0').filter(path => path !== '')
}

async function git(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('git', args, { cwd: REPOSITORY })).stdout
}
