import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { REPOSITORY } from '../../src/repository.ts'
import { readStackFile, type StackInfo } from '../../src/stack-file.ts'
import { waitFor } from '../../src/wait-for.ts'
import { run, type Running } from '../processes.ts'
import { clone } from './clone.ts'
import { plainEnvironment, type Terminal, terminal } from './terminal.ts'

const START = 'npx -y pnpm@12 start'
/** Below the ports that other tests take. */
const PORT_BASE = 19_500 + 30 * Math.floor(Math.random() * 15)

/** The page's name for it, or another word where somebody has followed the page already. */
const NAME =
  ['loyalty', 'loyaltytoo', 'loyaltythree'].find(name => !existsSync(join(REPOSITORY, 'services', name))) ?? ''
const doc = readFileSync(join(REPOSITORY, 'docs/write-a-consumer.md'), 'utf8').replaceAll('loyalty', NAME)
const blocksOf = (language: string) =>
  [...doc.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text = '']) => text.trim())
const blocks = blocksOf('sh')
const [write = '', start = '', send = '', look = '', conform = '', ...more] = blocks

let dir: string
let shell: Terminal

beforeAll(async () => {
  dir = await clone()
  shell = terminal(dir)
})
afterAll(async () => {
  shell.close()
  await rm(dir, { recursive: true, force: true })
})

test('from nothing to a webhook in a new consumer it is fewer than ten commands', () => {
  const commands = blocks.flatMap(block => block.replaceAll('\\\n', '').split('\n'))
  expect(commands.length).toBeGreaterThan(4)
  expect(commands.length).toBeLessThan(10)
  expect({ start, more }).toEqual({ start: START, more: [] })
})

test('in a fresh clone: what is written passes its own test, and every check of the repository', async () => {
  const written = await shell.run(write)
  expect(written).toContain(`services/${NAME} is written.`)
  expect(written).toMatch(/Tests .*5 passed/)
  const checks = [
    `tsc -b services/${NAME}`,
    `oxlint --type-aware --deny-warnings services/${NAME}`,
    `biome format services/${NAME} infra tsconfig.json tsconfig.tests.json`,
    `knip --workspace services/${NAME}`,
  ]
  for (const check of checks) await shell.run(`npx -y pnpm@12 exec ${check}`)
  expect(await shell.run('npx -y pnpm@12 contracts')).toContain('docs/asyncapi.yaml is what the code says.')
})

test('the code that the text shows is the code that is written', () => {
  const shown = blocksOf('ts')
  const files = [`src/${NAME}.ts`, 'src/effects/approval.ts'].map(path => join(dir, 'services', NAME, path))
  expect(shown).toEqual(files.map(file => readFileSync(file, 'utf8').trim()))
})

test('the webhook that is sent reaches the new target, and `hookline order` tells of it', async () => {
  // its own ports, for there may be another stack
  const running = run('bash', ['-c', `cd '${dir}' && exec ${start} --port-base ${PORT_BASE}`], plainEnvironment())
  const info = await ready(running)
  expect(running.lines.join('\n')).toMatch(new RegExp(`  ${NAME} +${info.sandbox[NAME]}/ledger`))

  expect(await shell.run(send)).toContain('{"status":"accepted"}')
  const id = (await shell.run('echo $id')).trim()
  await handled(info, id)
  const seen = await shell.run(look)
  const [row, ...others] = JSON.parse(/\{"entries":.*?\]\}/s.exec(seen)?.[0] ?? '{}').entries
  expect(row).toMatchObject({ order_id: id, event: 'approved', effect: 'approval', executed: true, status: 200 })
  expect(others).toEqual([])
  expect(seen).toContain(`Order ${id}`)
  expect(seen).toContain(`${NAME} (points): 1 done`)

  // npx dies of Ctrl-C and the stack ends in its own time
  process.kill(-running.pid, 'SIGINT')
  await running.ended
  expect(existsSync(join(dir, '.hookline/stack.json'))).toBe(false)
})

test('it conforms at once', async () => {
  // the command with one of its checks: all of them take a minute and a half
  expect(await shell.run(`${conform} --only duplicates`)).toContain('Nothing failed.')
})

async function ready(running: Running): Promise<StackInfo> {
  let ended = false
  void running.ended.then(() => (ended = true))
  const ask = async () => {
    if (ended) throw new Error(`start ended:\n${running.lines.join('\n')}`)
    return readStackFile(join(dir, '.hookline'))
  }
  return waitFor('stack.json', ask, { limitMs: 120_000, giveUp: () => ended })
}

/** Resolves when the new service is through with the order. */
async function handled({ mongodb }: StackInfo, id: string): Promise<void> {
  await using mongo = await MongoClient.connect(mongodb)
  const orders = mongo.db(NAME).collection('orders')
  const ask = async () => (await orders.findOne({ order_id: id, known: true, lane: [] })) ?? undefined
  await waitFor(`the end of the event in ${NAME}`, ask, { limitMs: 60_000 })
}
