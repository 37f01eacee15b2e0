import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'

const MAIN = join(import.meta.dirname, '../src/main.ts')

function conformance(...args: string[]) {
  return spawn(process.execPath, ['--conditions=source', MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

test.each([[[]], [['nobody']], [['wms', '--only', 'luck']], [['--program', 'main.ts']]])(
  '%j is wrong: exit 2',
  async args => {
    const [code] = await once(conformance(...args), 'exit')
    expect(code).toBe(2)
  },
)

test('Ctrl-C in the middle ends it with 130 and leaves nothing running', async () => {
  const child = conformance('wms', '--only', 'poison')
  const lines: string[] = []
  const ended = once(child, 'exit')
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line)
    if (line.includes('one order of each life cycle')) child.kill('SIGINT')
  }
  expect((await ended)[0], lines.join('\n')).toBe(130)
  const places = lines.flatMap(line => line.match(/127\.0\.0\.1:\d+/g) ?? [])
  expect(places).toHaveLength(2)
  for (const place of places) {
    const answer = await fetch(`http://${place}/`).catch((error: Error) => error.cause)
    expect(answer).toMatchObject({ code: 'ECONNREFUSED' })
  }
})
