import { readFileSync } from 'node:fs'
import { effect } from '@hookline/consumer'
import { recordingMailServer, recordingTarget, testConsumer } from '@hookline/testkit'
import { expect, test } from 'vitest'

const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const guide = textOf('../../../../docs/testing-a-consumer.md')

test('the example in docs/testing-a-consumer.md is the one that runs here', () => {
  const blocks = [...guide.matchAll(/```ts\n(.*?)```/gs)]
  expect(blocks.map(([, code]) => code)).toEqual([textOf('example.test.ts')])
})

test('docs/testing-a-consumer.md names everything that a test can do and ask', () => {
  const nothing = effect({ name: 'nothing', policy: 'every', on: {}, handler: async () => {} })
  const tested = testConsumer({ name: 'test', effects: [nothing] })
  const clients = new Set(['put', 'post', 'send', 'close'])
  const names = [tested, recordingTarget(), recordingMailServer()].flatMap(kit => Object.keys(kit))
  expect(names.filter(name => !clients.has(name) && !new RegExp(`\`${name}[(\`]`).test(guide))).toEqual([])
})

test('the kit asks for no test runner', () => {
  const index = textOf('../../src/index.ts')
  const files = [...index.matchAll(/from '\.\/(.+?)'/g)].map(([, file]) => textOf(`../../src/${file}`))
  expect(files.length).toBeGreaterThan(10)
  expect(files.filter(text => text.includes("'vitest'"))).toEqual([])
})
