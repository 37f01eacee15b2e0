import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stockKafkajs } from '../src/idle/stock-kafkajs.ts'
import { parsePatch, unpatched } from '../src/idle/unpatch.ts'

test("the peer's kafkajs is upstream's to the byte: its timers run for ever", async () => {
  const dir = await mkdtemp(join(tmpdir(), 'hookline-stock-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  // rejects where a file's hash is not the one that git has of upstream's
  const copy = await stockKafkajs(dir)
  const queue = await readFile(join(copy, 'src/network/requestQueue/index.js'), 'utf8')
  expect(queue).toContain('}, Math.min(this.requestTimeout, 100))')
  expect(queue).not.toContain('if (this.pending.length === 0) return\n')
})

test('a file that the patch was not made for is told, not used', () => {
  const [file] = parsePatch(
    [
      'diff --git a/one.js b/one.js',
      `index ${'a'.repeat(40)}..${'b'.repeat(40)} 100644`,
      '--- a/one.js',
      '+++ b/one.js',
      '@@ -1 +1 @@',
      '-before',
      '+after',
      '',
    ].join('\n'),
  )
  expect(file && (() => unpatched('after\n', file))).toThrow('one.js')
})
