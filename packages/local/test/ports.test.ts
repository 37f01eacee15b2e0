import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, portBook } from '../src/ports.ts'

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
