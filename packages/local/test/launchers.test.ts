import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gone, isAlive, run } from './processes.ts'

const LAUNCHED = join(import.meta.dirname, 'fixtures/launched.ts')

test.runIf(process.platform === 'linux')(
  'the death of the package manager that started us is a wish to end',
  async () => {
    // sh stands in for npx: by its argument zero it looks like one, and it passes nothing on
    const launcher = run('sh', ['-c', `"${process.execPath}" "${LAUNCHED}"; true`, 'npx'])
    const pid = Number((await launcher.line(/^pid /)).slice(4))
    expect(isAlive(pid)).toBe(true)
    process.kill(launcher.pid, 'SIGTERM')
    await gone(launcher.pid, pid)
    await launcher.line(/^asked$/)
  },
)
