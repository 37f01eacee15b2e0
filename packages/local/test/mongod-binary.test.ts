import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type MongodSource, mongodBinary } from '../src/mongod-binary.ts'
import { testDir, testSession } from './session.ts'

const runs: MongodSource = { name: 'one that runs', find: async () => process.execPath }

function fails(name: string, reason: string): MongodSource {
  return { name, find: () => Promise.reject(new Error(reason)) }
}

test('the first source whose mongod runs here is taken, and a file that does not run is passed over', async () => {
  const session = testSession()
  const file = join(await testDir(session), 'mongod')
  await writeFile(file, 'not a program', { mode: 0o755 })
  const sources = [fails('a', 'not there'), { name: 'b', find: async () => file }, runs, fails('c', 'never asked')]
  expect(await mongodBinary(session, sources)).toBe(process.execPath)
})

test('when no source works the error names each and why', async () => {
  const sources = [fails('the path', 'there is none'), fails('the registry', 'no answer')]
  const message = 'no mongod that runs here:\n- the path: there is none\n- the registry: no answer'
  await expect(mongodBinary(testSession(), sources)).rejects.toThrow(message)
})
