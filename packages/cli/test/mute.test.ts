import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { askDatabase } from '../src/ask-database.ts'
import { askKafka } from '../src/ask-kafka.ts'
import type { Config } from '../src/config.ts'

// takes connections and says nothing, as a stopped process does
let mute: Server
const sockets = new Set<Socket>()
let address = ''

beforeAll(async () => {
  mute = createServer(socket => sockets.add(socket.on('error', () => socket.destroy())))
  await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve))
  const at = mute.address()
  address = typeof at === 'object' && at ? `127.0.0.1:${at.port}` : ''
})
afterAll(() => {
  for (const socket of sockets) socket.destroy()
  mute.close()
})

const config = (): Config => ({
  stackFile: undefined,
  brokers: [address],
  security: () => ({}),
  replicationMin: 1,
  ingressAdmins: [],
  webhooks: { path: undefined, values: {} },
  mongodbUri: `mongodb://${address}/`,
  services: ['erp-sync'],
  passedOver: undefined,
  cwd: '/',
})

it.concurrent('a Kafka that takes connections and says nothing is given up', async () => {
  const asked = askKafka(config(), () => Promise.reject(new Error('it was asked')))
  await expect(asked).rejects.toThrow(`Kafka at ${address} does not answer`)
})

it.concurrent('a MongoDB that takes connections and says nothing is given up', async () => {
  const asked = askDatabase(config(), 'erp-sync', async db => db.command({ hello: 1 }))
  await expect(asked).rejects.toThrow(`MongoDB at ${address}`)
})

it.concurrent('a stack that ended without removing its file is named as what to look at', async () => {
  const ended = { ...config(), brokers: ['127.0.0.1:1'], stackFile: '/a/.hookline/stack.json' }
  await expect(askKafka(ended, () => Promise.resolve())).rejects.toThrow(
    '/a/.hookline/stack.json names it; is the stack still running?',
  )
})
