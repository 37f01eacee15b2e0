import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, portBook } from '../src/ports.ts'

const PORTS = import.meta.resolve('../src/ports.ts')

async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
}

test('ports from a base follow each other in a fixed order', async () => {
  const base = (await freePort()) + 1
  const book = portBook({ kind: 'base', base }, () => {})
  expect(await book.named('ingress')).toBe(base)
  expect(await book.named('kafka')).toBe(base + 1)
})

test("from a base the targets' ports come after those of the processes", async () => {
  const base = (await freePort()) + 1
  const book = portBook({ kind: 'base', base }, () => {})
  const [last, crm, loyalty] = [
    await book.admin(3),
    await book.target('crm', { n: 0, processes: 4 }),
    await book.target('loyalty', { n: 1, processes: 4 }),
  ]
  expect([crm, loyalty]).toEqual([last + 1, last + 2])
})

test('the ports of a stack that has ended can be used again at once', async () => {
  const base = (await freePort()) + 1
  const named = () => portBook({ kind: 'base', base }, () => {}).named('ingress')
  expect([await named(), await named()]).toEqual([base, base])
})

test('a base with a taken port is refused, naming the port', async () => {
  const base = await freePort()
  await occupy(base)
  const book = portBook({ kind: 'base', base }, () => {})
  await expect(book.named('ingress')).rejects.toThrow(`port ${base} (ingress) is taken`)
})

test('two processes that look for ports at the same time are given different ones', async () => {
  const asked = Array.from({ length: 8 }, () => given(20))
  const ports = (await Promise.all(asked)).flat()
  expect(ports).toHaveLength(160)
  expect(new Set(ports).size).toBe(160)
})

/** What a process of its own is given, which listens on none of them. */
async function given(count: number): Promise<number[]> {
  // all of them look at the same place first
  const ask = `Object.defineProperty(process, 'pid', { value: 1 })
    const { freePort } = await import(${JSON.stringify(PORTS)})
    const ports = []
    for (let n = 0; n < ${count}; n++) ports.push(await freePort())
    process.stdout.write(JSON.stringify(ports))
    process.stdin.resume().once('end', () => process.exit())`
  const child = spawn(process.execPath, ['--conditions=source', '--input-type=module', '--eval', ask])
  onTestFinished(() => void child.stdin.end())
  const [text] = await once(child.stdout, 'data')
  return JSON.parse(String(text))
}
