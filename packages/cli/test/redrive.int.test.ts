import { once } from 'node:events'
import { sampleDead, sampleNewEvent, sampleOrder, sampleVersion } from '@hookline/testkit'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { deadShow } from '../src/commands/dead-show.ts'
import { redriveList } from '../src/commands/redrive-list.ts'
import { redrivePause } from '../src/commands/redrive-pause.ts'
import { redrivePlan } from '../src/commands/redrive-plan.ts'
import { redriveResume } from '../src/commands/redrive-resume.ts'
import { redriveRun } from '../src/commands/redrive-run.ts'
import { redriveShow } from '../src/commands/redrive-show.ts'
import type { Watching } from '../src/redrive/watching.ts'
import { ownInstallation } from './installation.ts'
import { PLAIN } from './plain-look.ts'
import { hookline, startHookline } from './process.ts'
import { openStore } from './stored.ts'

const { config, env, services, dropDatabases } = ownInstallation()
const [erp = '', mail = ''] = services
const PRIVATE = 'someone@example.org'
const OPTIONS = { service: erp, selection: {}, limit: 100, why: 'mended', by: 'ada', ratePerS: 1_000, yes: true }

let ids: Record<string, string> = {}

beforeEach(async () => {
  await dropDatabases()
  await (await openStore(mail)).close()
  const { inbox, orders, close } = await openStore(erp)
  const body = `{"email":"${PRIVATE}"}`
  const event = (order_id: string, name: string, n: number) =>
    sampleNewEvent({ order_id, event: name, version: sampleVersion(n), body })
  const accepted = await inbox.accept([event('a', 'approved', 1), event('a', 'refunded', 2), event('b', 'captured', 3)])
  const [approved = '', refunded = '', captured = ''] = accepted.map(({ id }) => id)
  ids = { approved, refunded, captured }
  const dead = (id: string, name: string, n: number) =>
    sampleDead({ id, event: name, last_error: 'erp answered 422', answer: 'no such product', tries: 1 }, n)
  const floors = { order: { version: sampleVersion(9), last_webhook_at: '2026-01-01T10:00:09.000Z' } }
  const moved = sampleOrder({ floors, dead: [dead(captured, 'captured', 3)] })
  const order = sampleOrder({ dead: [dead(approved, 'approved', 1), dead(refunded, 'refunded', 2)] })
  await orders.write([
    { key: 'points:a', before: undefined, after: order },
    { key: 'points:b', before: undefined, after: moved },
  ])
  await close()
})
afterAll(dropDatabases)

function watching(stop?: AbortSignal): Watching & { lines: string[] } {
  const lines: string[] = []
  return {
    lines,
    say: line => lines.push(line),
    progress() {},
    end() {},
    interrupted: () => stop ?? new AbortController().signal,
  }
}

const text = (answer: Awaited<ReturnType<typeof redrivePlan>>) => answer.text(PLAIN)

it('the plan tells of each dead event what would happen, and of each service how often', async () => {
  const answer = await redrivePlan(config, { selection: {}, limit: 100 })
  expect(answer.document).toMatchObject({
    services: {
      [erp]: {
        events: 3,
        orders: 2,
        counts: { will_run: 2, stale: 1, blocked: 0, waits: 0, dead_again: 0, already_done: 0 },
        dead: [
          { order_id: 'a', event: 'approved', gives_back: true, forecast: { kind: 'will_run', runs: ['order'] } },
          { order_id: 'a', event: 'refunded' },
          { order_id: 'b', event: 'captured', forecast: { kind: 'stale', skips: ['order'] } },
        ],
      },
      [mail]: { events: 0, dead: [] },
    },
  })
  expect(text(answer)).toContain(`${erp}: 3 dead, would give back 3 events of 2 orders\n`)
  expect(text(answer)).toMatch(/ {2}will run +2\n {2}stale, will be skipped +1\n/)
  expect(text(answer)).toContain(`order b (points), event id ${ids['captured']}, permanent\n`)
})

it('a run gives back, is stored with who and why, and is listed, shown, and told with its events', async () => {
  const { document, text, problem } = await redriveRun(config, { ...OPTIONS, follow: false }, watching())
  expect(document).toMatchObject({ service: erp, state: 'given_back', by: 'ada', why: 'mended', events: 3 })
  expect(problem).toBeUndefined()
  expect(text(PLAIN)).toContain('3 of 3 given back: 3 running; 0 left dead\n')
  const id = 'id' in document ? String(document.id) : ''
  expect((await redriveList(config, { limit: 5 })).document).toMatchObject({ redrives: [{ id, service: erp }] })
  expect((await redriveShow(config, id)).document).toMatchObject({
    items: [
      { event: 'approved', order_id: 'a', state: 'running', forecast: { kind: 'will_run' } },
      { event: 'refunded', state: 'running' },
      { event: 'captured', order_id: 'b', state: 'running', forecast: { kind: 'stale' } },
    ],
  })
  const again = await redriveRun(config, { ...OPTIONS, follow: false }, watching())
  expect(text(PLAIN)).not.toBe('')
  expect(again.text(PLAIN)).toContain('Nothing to give back.')
})

it('only what is selected is given back, by filter or by id', async () => {
  const selection = { events: ['refunded'] }
  expect((await redrivePlan(config, { selection, limit: 100 })).document).toMatchObject({
    services: { [erp]: { events: 1, dead: [{ event: 'refunded' }] } },
  })
  const one = { selection: { ids: [ids['captured'] ?? ''] } }
  const { document } = await redriveRun(config, { ...OPTIONS, ...one, follow: false }, watching())
  expect(document).toMatchObject({ events: 1, items: [{ event: 'captured' }] })
})

it('a plan that is not the expected one any more is not run', async () => {
  const run = (expect: string) => redriveRun(config, { ...OPTIONS, expect, follow: false }, watching())
  await expect(run('0'.repeat(12))).rejects.toMatchObject({ ending: 'no', message: expect.stringContaining('digest') })
  const { document } = await redrivePlan(config, { selection: {}, limit: 100 })
  const { digest } = (document as { services: Record<string, { digest: string }> }).services[erp] ?? { digest: '' }
  expect((await run(digest)).document).toMatchObject({ events: 3 })
})

it('Ctrl-C pauses and says how to go on; pause, resume and a second end are told', async () => {
  const paused = await redriveRun(config, { ...OPTIONS, follow: true }, watching(AbortSignal.abort()))
  const id = 'id' in paused.document ? String(paused.document.id) : ''
  expect(paused.problem).toBe(`Paused. Go on with: npx -y pnpm@12 hookline redrive resume ${id}`)
  expect((await redrivePause(config, id, { by: 'bob' })).document).toMatchObject({ state: 'paused' })
  const { document } = await redriveResume(config, id, { by: 'bob', follow: false }, watching())
  expect(document).toMatchObject({ state: 'given_back', counts: { planned: 0, running: 3 } })
  expect((await redrivePause(config, id, { by: 'bob' })).problem).toContain('everything was given back')
  await expect(redriveResume(config, 'none', { by: 'bob', follow: false }, watching())).rejects.toMatchObject({
    message: expect.stringContaining('has a redrive "none"'),
  })
})

it('a dead event is shown with its answer and its last redrive, its body only where it is asked for', async () => {
  const id = ids['approved'] ?? ''
  const shown = await deadShow(config, id, {})
  expect(shown.document).toMatchObject({ service: erp, reason: 'permanent', answer: 'no such product', tries: 1 })
  expect(shown.text(PLAIN)).toContain('  answer      no such product\n')
  expect(shown.text(PLAIN) + JSON.stringify(shown.document)).not.toContain(PRIVATE)
  expect((await deadShow(config, id, { body: true })).text(PLAIN)).toContain(PRIVATE)
  await redriveRun(config, { ...OPTIONS, follow: false }, watching())
  expect((await deadShow(config, id, {})).problem).toContain('It is not dead: approved of order a is still to be done')
  expect((await deadShow(config, 'f'.repeat(24), {})).problem).toContain('has an event')
})

it('as a process it asks only on a terminal: without one it needs --yes', async () => {
  const args = ['redrive', 'run', '--service', erp, '--why', 'mended', '--by', 'ada', '--no-follow', '--json']
  const asked = await hookline(args, env)
  expect(asked.exitCode).toBe(2)
  expect(asked.stderr).toContain('add --yes')
  const { stdout, exitCode } = await hookline([...args, '--yes', '--reason', 'permanent', '--dead-before', '0m'], env)
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ service: erp, state: 'given_back', events: 3 })
})

it('as a process Ctrl-C, also twice, pauses it before its next write', async () => {
  const args = ['redrive', 'run', '--service', erp, '--why', 'mended', '--by', 'ada', '--rate', '0.1', '--yes']
  const runner = startHookline(args, env)
  let stderr = ''
  const { promise: given, resolve } = Promise.withResolvers<void>()
  runner.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    if (stderr.includes('given back')) resolve()
  })
  await given
  runner.kill('SIGINT')
  runner.kill('SIGINT')
  const [exitCode] = (await once(runner, 'close')) as [number | null]
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringMatching(
      /Pausing before the next write\.\n(.*\n)*Paused\. Go on with: .* redrive resume \d{8}-/,
    ),
  })
  const { document } = await redriveList(config, { limit: 1 })
  expect(document).toMatchObject({ redrives: [{ state: 'paused' }] })
})
