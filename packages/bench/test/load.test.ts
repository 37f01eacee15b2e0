import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { openLoad } from '../src/load/load.ts'

/** A server that answers 200 to the secret `right`, 401 to others. */
async function server() {
  const seen: { secret: unknown; address: string | undefined; body: string }[] = []
  const http = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', part => (body += String(part)))
    request.on('end', () => {
      const secret = request.headers['x-webhook-secret']
      seen.push({ secret, address: request.socket.remoteAddress, body })
      response.writeHead(secret === 'right' ? 200 : 401, { 'content-length': 2 }).end('{}')
    })
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void http.close())
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('not on a TCP port')
  return { url: `http://127.0.0.1:${address.port}`, seen }
}

async function load(signal = new AbortController().signal) {
  const closing: (() => Promise<unknown>)[] = []
  onTestFinished(async () => {
    for (const close of closing) await close()
  })
  return openLoad({ session: { signal }, onClose: close => closing.push(close) })
}

const plan = { ratePerS: 200, connections: 4, orders: 'o' }
const right = { id: 'r', secret: 'right' }
const wrong = { id: 'w', secret: 'wrong' }

test('every request of a plan is sent at its time, from its address, with its secret, and is in the samples', async () => {
  const { url, seen } = await server()
  const sender = await load()
  const addresses = ['127.0.0.2', '127.0.0.3']
  const samples = await sender.run({ ...plan, url, forMs: 500, addresses, secrets: [right, wrong] }).done
  expect(samples).toHaveLength(100)
  expect(samples.filter(({ secret, status }) => status !== (secret === 'r' ? 200 : 401))).toEqual([])
  const due = samples.map(({ dueMs }) => dueMs).toSorted((a, b) => a - b)
  expect((due.at(-1) ?? 0) - (due[0] ?? 0)).toBeCloseTo(495, 0)
  for (const one of addresses) expect(seen.filter(({ address }) => address === one).length).toBeGreaterThan(25)
  expect(new Set(seen.map(({ body }) => body)).size).toBe(100)
  expect(
    (await sender.run({ ...plan, url, forMs: 50, addresses, secrets: [wrong] }).done).map(one => one.status),
  ).toEqual(Array(10).fill(401))
})

test('a sender takes another secret while it sends, and no answer is told as none', async () => {
  const { url } = await server()
  const sender = await load()
  const under = sender.run({ ...plan, url, forMs: 1_000, addresses: ['127.0.0.1'], secrets: [wrong] })
  under.use([right])
  expect((await under.done).filter(({ status }) => status === 200).length).toBeGreaterThan(0)
  const nowhere = sender.run({
    ...plan,
    url: 'http://127.0.0.1:9',
    forMs: 50,
    addresses: ['127.0.0.1'],
    secrets: [right],
  })
  expect(new Set((await nowhere.done).map(({ status }) => status))).toEqual(new Set([0]))
})

test('who waits for a load is told when it is ended', async () => {
  const { url } = await server()
  const asked = new AbortController()
  const sender = await load(asked.signal)
  const under = sender.run({ ...plan, url, forMs: 600_000, addresses: ['127.0.0.1'], secrets: [right] })
  asked.abort()
  await expect(under.done).rejects.toThrow('aborted')
})
