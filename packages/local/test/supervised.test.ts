import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from '../src/ports.ts'
import { type ProcessSpec, supervise } from '../src/supervised.ts'
import { waitFor } from '../src/wait-for.ts'
import { isAlive } from './processes.ts'
import { testDir, testSession } from './session.ts'

const SERVICE = join(import.meta.dirname, 'fixtures/small-service.ts')

async function smallService(dir: string, env: NodeJS.ProcessEnv = {}): Promise<ProcessSpec & { url: string }> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const answer = async () => ((await fetch(url)).ok ? true : undefined)
  return {
    name: 'small',
    command: process.execPath,
    args: [SERVICE],
    env: { ...process.env, PORT: `${port}`, ...env },
    logFile: join(dir, 'small.log'),
    graceMs: 500,
    ready: async signal => {
      await waitFor('an answer', answer, { limitMs: 30_000, signal })
    },
    url,
  }
}

test('a process that is killed comes back on the same port, and whoever asked hears of it', async () => {
  const session = testSession()
  const spec = await smallService(await testDir(session))
  const { promise: restarted, resolve } = Promise.withResolvers<void>()
  const service = await supervise(spec, session, { restart: true, onRestarted: async () => resolve() })
  const first = service.pid
  expect(service.kill('SIGKILL')).toBe(true)
  await restarted
  expect(service.pid).not.toBe(first)
  expect(await (await fetch(spec.url)).text()).toBe(`${service.pid}`)
  await service.stop()
  expect(isAlive(service.pid)).toBe(false)
})

test('a process that is killed a second time comes back a second time', async () => {
  const session = testSession()
  const spec = await smallService(await testDir(session))
  let restarts = 0
  const service = await supervise(spec, session, { restart: true, onRestarted: async () => void (restarts += 1) })
  for (const wanted of [1, 2]) {
    service.kill('SIGKILL')
    await waitFor(`restart ${wanted}`, async () => (restarts === wanted ? true : undefined), { limitMs: 30_000 })
  }
  await service.stop()
  expect(restarts).toBe(2)
})

test('a process that ends before it is ready fails the start with what it said', async () => {
  const session = testSession()
  const spec = await smallService(await testDir(session), { FAIL: '1' })
  await expect(supervise(spec, session, { restart: true })).rejects.toThrow(/exit 3[^]*cannot go on: FAIL is set/)
})

test('a stopped or stubborn process ends all the same when it is told to stop', async () => {
  const session = testSession()
  const spec = await smallService(await testDir(session), { STUBBORN: '1' })
  const service = await supervise(spec, session, { restart: true })
  service.kill('SIGSTOP')
  await Promise.all([service.stop(), service.stop()])
  expect(isAlive(service.pid)).toBe(false)
})

test('stop wins over a restart that is under way', async () => {
  const session = testSession()
  const service = await supervise(await smallService(await testDir(session)), session, { restart: true })
  service.kill('SIGKILL')
  await waitFor('the end', async () => session.lines.find(line => line.includes('SIGKILL')), { limitMs: 30_000 })
  await service.stop()
  expect(isAlive(service.pid)).toBe(false)
})
