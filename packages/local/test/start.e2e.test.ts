import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startReaper } from '../src/reaper.ts'
import { startStack } from '../src/stack.ts'
import { readStackFile, type StackInfo } from '../src/stack-file.ts'
import { waitFor } from '../src/wait-for.ts'
import { gone, isAlive, run, type Running } from './processes.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')
/** Below the ports that the other tests take at random. */
const PORT_BASE = 12_000 + 50 * Math.floor(Math.random() * 150)

/** One data directory for all tests: each start but the first finds what the one before left. */
const reaper = startReaper()
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hookline-start-'))
  reaper.removeAtEnd(dir)
})
afterAll(() => reaper.close())

function start(): Running {
  return run(process.execPath, ['--conditions=source', MAIN, 'start', '--dir', dir, '--port-base', `${PORT_BASE}`])
}

async function ready(running: Running): Promise<StackInfo> {
  let ended: unknown
  void running.ended.then(how => (ended = how))
  const ask = async () => {
    if (ended !== undefined) throw new Error(`start ended:\n${running.lines.join('\n')}`)
    return readStackFile(dir)
  }
  return waitFor('stack.json', ask, { limitMs: 120_000, giveUp: () => ended !== undefined })
}

async function pidsOf(info: StackInfo): Promise<number[]> {
  const { reaper_pid } = JSON.parse(await readFile(join(dir, 'stack.lock'), 'utf8'))
  const services = Object.values(info.services).flatMap(instances => instances.map(one => one.pid))
  return [info.kafka_pid ?? 0, info.mongodb_pid ?? 0, reaper_pid, ...services]
}

test('a supervisor that is killed with SIGKILL leaves no process and no stack.json behind', async () => {
  const running = start()
  const pids = await pidsOf(await ready(running))
  expect(pids.filter(isAlive)).toEqual(pids)
  process.kill(running.pid, 'SIGKILL')
  await gone(...pids)
  expect(await readStackFile(dir)).toBeUndefined()
})

test('Ctrl-C, twice, to the whole process group ends every process, and stack.json is gone', async () => {
  const running = start()
  const pids = await pidsOf(await ready(running))
  process.kill(-running.pid, 'SIGINT')
  process.kill(-running.pid, 'SIGINT')
  expect(await running.ended).toEqual({ code: 0, signal: null })
  expect(pids.filter(isAlive)).toEqual([])
  expect(await readStackFile(dir)).toBeUndefined()
})

test('Ctrl-C while it is still starting ends every process', async () => {
  const running = start()
  await running.line(/Services: starting/)
  const lock: { reaper_pid: number } = JSON.parse(await readFile(join(dir, 'stack.lock'), 'utf8'))
  process.kill(-running.pid, 'SIGINT')
  expect(await running.ended).toEqual({ code: 130, signal: null })
  expect(isAlive(lock.reaper_pid)).toBe(false)
  await nobodyListens()
})

test('while a stack runs a second start is refused, and what is killed comes back with its new pid in stack.json', async () => {
  const running = start()
  const before = await ready(running)
  const second = start()
  expect((await second.ended).code).toBe(1)
  expect(second.lines.join('\n')).toContain('a stack runs here already')

  const old = [before.services['erp-sync']?.[0]?.pid ?? 0, before.kafka_pid ?? 0, before.mongodb_pid ?? 0]
  for (const pid of old) process.kill(pid, 'SIGKILL')
  const changed = async () => {
    const now = await readStackFile(dir)
    const pids = [now?.services['erp-sync']?.[0]?.pid ?? 0, now?.kafka_pid ?? 0, now?.mongodb_pid ?? 0]
    return pids.some((pid, n) => pid === old[n]) ? undefined : pids
  }
  const pids = await waitFor('new pids in stack.json', changed, { limitMs: 120_000 })
  expect(pids.filter(isAlive)).toEqual(pids)
  process.kill(running.pid, 'SIGTERM')
  expect(await running.ended).toEqual({ code: 0, signal: null })
  expect(pids.filter(isAlive)).toEqual([])
})

test('a start that fails says why and leaves nothing running', async () => {
  const failing = startStack({ dir, portBase: PORT_BASE, env: { LOG_LEVEL: 'nonsense' } })
  await expect(failing).rejects.toThrow(/does not start[^]*LOG_LEVEL/)
  await nobodyListens()
})

test('two processes of one consumer are two entries, in any free ports, thrown away at the end', async () => {
  const stack = await startStack({ ephemeral: true, consumers: ['erp-sync'], replicas: { 'erp-sync': 2 } })
  onTestFinished(() => stack.close())
  const { services } = stack.info
  expect(Object.keys(services)).toEqual(['ingress', 'erp-sync'])
  expect(new Set(services['erp-sync']?.map(one => one.pid)).size).toBe(2)
  expect(await readStackFile(stack.dir)).toEqual(stack.info)
  await stack.close()
  expect(await readStackFile(stack.dir)).toBeUndefined()
})

async function nobodyListens(): Promise<void> {
  const ports = Array.from({ length: 8 }, (_, n) => PORT_BASE + n)
  const answers = await Promise.allSettled(ports.map(port => fetch(`http://127.0.0.1:${port}/`)))
  const causes = answers.map(one => (one.status === 'rejected' ? one.reason.cause?.code : 'answered'))
  expect(causes).toEqual(ports.map(() => 'ECONNREFUSED'))
}
