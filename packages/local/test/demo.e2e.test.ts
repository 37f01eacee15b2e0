import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Figures } from '../src/demo/figures.ts'
import type { FindingKind } from '../src/demo/findings.ts'
import { run, type Running } from './processes.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')
const LIMIT_MS = 300_000

interface Result {
  readonly seed: number
  readonly right: boolean
  readonly wrong: readonly { readonly kind: FindingKind; readonly count: number }[]
  readonly figures: Figures
}

function demo(...flags: string[]): Running {
  return run(process.execPath, [
    '--conditions=source',
    MAIN,
    'demo',
    '--orders',
    '60',
    '--seed',
    '7',
    '--json',
    ...flags,
  ])
}

/** The one JSON document among the lines; throws what was written instead where there is none. */
function resultOf({ lines }: Running): Result {
  const from = lines.indexOf('{')
  if (from === -1) throw new Error(lines.join('\n'))
  const result: Result = JSON.parse(lines.slice(from, lines.indexOf('}', from) + 1).join('\n'))
  return result
}

/** Nothing answers any more where the stack said that it starts. */
async function expectGone({ lines }: Running): Promise<void> {
  const places = lines.flatMap(line => line.match(/127\.0\.0\.1:\d+/g) ?? [])
  expect(places.length).toBeGreaterThan(1)
  for (const place of new Set(places)) {
    const answer = await fetch(`http://${place}/`).catch((error: Error) => error.cause)
    expect(answer).toMatchObject({ code: 'ECONNREFUSED' })
  }
}

test('outages, lost answers and a kill do no harm: exit 0; --keep leaves the stack up until Ctrl-C', {
  timeout: LIMIT_MS,
}, async () => {
  const running = demo('--keep')
  await running.line(/The stack stays up|^\s*at |does not/)
  const { right, wrong, figures } = resultOf(running)
  expect({ right, wrong }).toEqual({ right: true, wrong: [] })
  // the troubles bit: otherwise nothing was tested
  expect(figures.targets.erp.retried).toBeGreaterThan(0)
  expect(figures.targets.erp.replayed).toBeGreaterThan(0)
  expect(figures.duplicatesDropped.done).toBeGreaterThan(0)
  expect(figures.targets.wms.parkedReleased.done).toBeGreaterThan(0)
  expect(figures.targets.wms.heldForPerson).toEqual({ done: 1, all: 1 })

  const erp = running.lines
    .find(line => /^ {2}ERP /.test(line))
    ?.trim()
    .split(/\s+/)[1]
  expect((await fetch(`${erp}/ledger`)).status).toBe(200)
  process.kill(-running.pid, 'SIGINT')
  expect(await running.ended).toEqual({ code: 0, signal: null })
  await expectGone(running)
})

test.each([
  ['dedupe', 'requested again'],
  ['floor', 'went back'],
  ['lose', 'lost'],
] as const)('--sabotage %s is found, named "%s", and ends with exit 1', { timeout: LIMIT_MS }, async (what, kind) => {
  const running = demo('--sabotage', what)
  expect(await running.ended).toEqual({ code: 1, signal: null })
  const { right, wrong } = resultOf(running)
  expect(right).toBe(false)
  expect(wrong.map(one => one.kind)).toContain(kind)
  await expectGone(running)
})

test('Ctrl-C in the middle ends it and leaves nothing running', { timeout: LIMIT_MS }, async () => {
  const running = demo()
  await running.line(/sent \d+\/\d+/)
  process.kill(-running.pid, 'SIGINT')
  expect(await running.ended).toEqual({ code: 130, signal: null })
  expect(running.lines).not.toContain('{')
  await expectGone(running)
})
