import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { benches, byName } from '../src/benches/index.ts'

const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [
    '--conditions=source',
    fileURLToPath(new URL('../src/main.ts', import.meta.url)),
    ...args,
  ])

test('the help tells every bench with what it must hold, and a wrong name starts nothing', async () => {
  const { stdout } = await run('--help')
  for (const { name, about, targets } of [...benches, ...byName]) {
    for (const text of [name, about, ...targets.map(({ target }) => target)]) expect(stdout).toContain(text)
  }
  await expect(run('nothing')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('ingress-wave') })
})
