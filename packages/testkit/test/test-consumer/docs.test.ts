import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

test('the example in docs/testing-a-consumer.md is the one that runs here', () => {
  const blocks = [...textOf('../../../../docs/testing-a-consumer.md').matchAll(/```ts\n(.*?)```/gs)]
  expect(blocks.map(([, code]) => code)).toEqual([textOf('example.test.ts')])
})

test('the kit asks for no test runner', () => {
  const index = textOf('../../src/index.ts')
  const files = [...index.matchAll(/from '\.\/(.+?)'/g)].map(([, file]) => textOf(`../../src/${file}`))
  expect(files.length).toBeGreaterThan(10)
  expect(files.filter(text => text.includes("'vitest'"))).toEqual([])
})
