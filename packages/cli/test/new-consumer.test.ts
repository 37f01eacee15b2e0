import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { newConsumer } from '../src/commands/new-consumer.ts'
import { type Config, readConfig } from '../src/config.ts'
import { Failure } from '../src/failure.ts'
import { checkout, filesOf, REPOSITORY } from './checkout.ts'
import { PLAIN } from './plain-look.ts'

const LONGEST = `${'long-'.repeat(12)}est`
const configOf = (cwd: string): Config => readConfig({ KAFKA_BROKERS: 'a:1', MONGODB_URI: 'mongodb://a' }, cwd)
const QUIET = { install: false, say: () => {}, signal: new AbortController().signal }

/** The lines that a file has now and had not before. */
function added(before: string | undefined, after: string | undefined): readonly string[] {
  const old = before?.split('\n') ?? []
  return (after ?? '').split('\n').filter(line => !old.includes(line))
}

it('a new consumer is a folder of its own, and a few lines where the repository keeps something of each service', async () => {
  const root = checkout()
  const before = filesOf(root)
  const { document, text } = await newConsumer(configOf(join(root, 'services')), 'anew-gifts', QUIET)
  const after = filesOf(root)

  const written = ['package.json', 'src/anew-gifts.ts', 'src/effects/approval.ts', 'src/main.ts']
  const all = [...written, 'test/anew-gifts.test.ts', 'tsconfig.json'].map(path => `services/anew-gifts/${path}`)
  expect(Object.keys(after).filter(path => before[path] === undefined)).toEqual(all)
  const changed = Object.keys(before).filter(path => before[path] !== after[path])
  expect(changed).toEqual(['.env.example', 'infra/topics.yaml', 'tsconfig.json', 'tsconfig.tests.json'])
  expect(document).toMatchObject({ name: 'anew-gifts', folder: 'services/anew-gifts', installed: false })
  expect(text(PLAIN)).toContain("npx -y pnpm@12 --filter '*anew-gifts' test")

  expect(added(before['infra/topics.yaml'], after['infra/topics.yaml'])).toEqual(['  - name: anew-gifts.dead'])
  expect(added(before['tsconfig.json'], after['tsconfig.json'])).toEqual(['      "path": "services/anew-gifts"'])
  expect(added(before['.env.example'], after['.env.example'])).toEqual([
    '# --- anew-gifts',
    'ANEW_GIFTS_URL=https://anew-gifts.example/api',
    '# ANEW_GIFTS_CONNECTIONS=64',
    '# ANEW_GIFTS_AUTHORIZATION=',
  ])
})

it("the topics' file keeps its comments and what it says, and the new topic is as the other dead-letter topics", async () => {
  const root = checkout()
  const file = join(root, 'infra/topics.yaml')
  const before = readFileSync(file, 'utf8')
  await newConsumer(configOf(root), 'anew', QUIET)
  expect(readFileSync(file, 'utf8')).toBe(`${before}  - name: anew.dead\n    config: { retention.ms: 1209600000 }\n`)
})

it('nothing of the name that was copied is left', async () => {
  const root = checkout()
  await newConsumer(configOf(root), 'anew-gifts', QUIET)
  const after = filesOf(root)
  const own = Object.entries(after).filter(([path]) => path.startsWith('services/anew-gifts/'))
  expect(own.filter(([path, text]) => /new-?consumer/i.test(path + text)).map(([path]) => path)).toEqual([])
  const { name, description } = JSON.parse(after['services/anew-gifts/package.json'] ?? '')
  expect({ name, description }).toEqual({
    name: '@hookline/anew-gifts',
    description: 'Tells an HTTP API which orders are approved.',
  })
})

it.each(['anew', 'anew-cards-too', 'anew2-v-2', LONGEST])(
  'what is written is as the formatter has it: %s',
  async name => {
    const root = checkout()
    const before = filesOf(root)
    await newConsumer(configOf(root), name, QUIET)
    const changed = Object.entries(filesOf(root)).filter(([path, text]) => before[path] !== text)
    const code = changed.filter(([path]) => /\.(ts|json)$/.test(path))
    expect(code).toHaveLength(8)
    for (const [path, text] of code) expect(formatted(path, text), path).toBe(text)
  },
)

function formatted(path: string, text: string): string {
  const biome = join(REPOSITORY, 'node_modules/.bin/biome')
  return execFileSync(biome, ['format', `--stdin-file-path=${path}`], {
    cwd: REPOSITORY,
    input: text,
    encoding: 'utf8',
  })
}

it.each([
  ['Gift', 'it must be words of small letters and digits'],
  ['gift_cards', 'it must be words'],
  ['gift-', 'it must be words'],
  ['2gift', 'it must be words'],
  [`${LONGEST}s`, 'at most 63 characters'],
  ['../up', 'it must be words'],
  ['ingress', 'services/ingress is there already'],
  ['inbox', 'packages/inbox is there already'],
  ['wms', 'infra/topics.yaml has a topic wms.dead already'],
  ['admin', "it is one of MongoDB's own databases"],
  ['mongodb', 'it is a process of the local stack'],
  ['mail', 'it is a stand-in of the local stack'],
  ['new', 'new is a word of JavaScript'],
  ['await', 'await is a word of JavaScript'],
  ['undefined', 'undefined is a word of JavaScript'],
  ['http', 'http is a name in the code that is written for it'],
  ['run-consumer', 'runConsumer is a name in the code'],
  ['target', 'target is a name in the code'],
])('the name %s is refused with the reason, and nothing is written', async (name, reason) => {
  const root = checkout()
  const before = filesOf(root)
  await expect(newConsumer(configOf(root), name, QUIET)).rejects.toThrow(reason)
  expect(filesOf(root)).toEqual(before)
})

it('a word that only the comments of that code have is a name like any other', async () => {
  const root = checkout()
  await newConsumer(configOf(root), 'bytes', QUIET)
  expect(filesOf(root)['services/bytes/src/bytes.ts']).toContain('export const bytes = defineConsumer({')
})

it('a checkout that misses something is none', async () => {
  const root = checkout()
  rmSync(join(root, 'infra/topics.yaml'))
  const before = filesOf(root)
  await expect(newConsumer(configOf(root), 'anew', QUIET)).rejects.toThrow('go into a clone')
  expect(filesOf(root)).toEqual(before)
})

it('where it cannot be finished everything is as it was, and the reason is told', async () => {
  const root = checkout()
  writeFileSync(join(root, 'tsconfig.tests.json'), '{}\n')
  const before = filesOf(root)
  const failing = newConsumer(configOf(root), 'anew', QUIET)
  await expect(failing).rejects.toThrow(/a tsconfig refers to no service.*\nNothing was changed\.$/s)
  await expect(failing).rejects.toThrow(Failure)
  expect(filesOf(root)).toEqual(before)
})

it('where the installation fails everything is as it was, and its last lines are told', async () => {
  const root = checkout()
  const bin = fakeNpx('echo half > pnpm-lock.yaml; mkdir services/anew/node_modules; echo no such registry >&2; exit 3')
  const before = filesOf(root)
  await withPath(bin, async () => {
    const failing = newConsumer(configOf(root), 'anew', { ...QUIET, install: true })
    await expect(failing).rejects.toThrow(/npx .* ended with exit 3:\nno such registry\nNothing was changed\.$/)
  })
  expect(filesOf(root)).toEqual(before)
})

it('Ctrl-C ends the installation, and everything is as it was', async () => {
  const root = checkout()
  const asked = new AbortController()
  const bin = fakeNpx('echo half > pnpm-lock.yaml; touch begun; exec sleep 600')
  const before = filesOf(root)
  await withPath(bin, async () => {
    const ended = newConsumer(configOf(root), 'anew', { ...QUIET, install: true, signal: asked.signal })
    await expect.poll(() => filesOf(root)['begun'], { timeout: 20_000 }).toBe('')
    asked.abort()
    await expect(ended).rejects.toThrow('Interrupted: nothing was changed.')
  })
  rmSync(join(root, 'begun'))
  expect(filesOf(root)).toEqual(before)
})

/** A directory with an `npx` that does something else. */
function fakeNpx(script: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'hookline-npx-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'npx'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return dir
}

async function withPath(dir: string, run: () => Promise<void>): Promise<void> {
  const { PATH = '' } = process.env
  process.env['PATH'] = `${dir}:${PATH}`
  try {
    await run()
  } finally {
    process.env['PATH'] = PATH
  }
}
