import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { REPOSITORY } from '../src/repository.ts'

const docs = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'examples/java-reader/README.md',
  ...readdirSync(join(REPOSITORY, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join('docs', name)),
]
const textOf = (name: string) => readFileSync(join(REPOSITORY, name), 'utf8')
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }

/** What stands at a place in the repository, such as `packages/delivery` or `packages/consumer/src/consume.ts`. */
const PLACES = /`((?:packages|services|infra|docs|patches|\.ci)\/[^`\s…*<]*)`/g

test.each(docs)('%s: every link leads somewhere', name => {
  const links = [...textOf(name).matchAll(/\]\(([^)#\s]+)/g)].map(([, link = '']) => link)
  const broken = links.filter(link => !/^[a-z]+:/.test(link) && !existsSync(join(REPOSITORY, dirname(name), link)))
  expect(broken).toEqual([])
})

test.each(docs)('%s: every place that it names is there', name => {
  const places = [...textOf(name).matchAll(PLACES)].map(([, place = '']) => place)
  expect(places.filter(place => !existsSync(join(REPOSITORY, place)))).toEqual([])
})

test.each(docs)('%s: every command that it names is a script', name => {
  const commands = [...textOf(name).matchAll(/npx -y pnpm@12 (?:-s |--filter \S+ )?([a-z:-]+)/g)].map(
    ([, script = '']) => script,
  )
  expect(commands.filter(script => scripts[script] === undefined)).toEqual([])
})

test('the README can be read at one sitting', () => {
  expect(textOf('README.md').split('\n').length).toBeLessThan(150)
})
