import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { kafkaClient } from '../src/index.ts'
import { withAdmin } from '../src/admin.ts'

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

it('a question ends at its limit, although each of its requests and repetitions would wait on', async () => {
  const sockets: Socket[] = []
  // takes connections and says nothing, as a stopped broker does
  const mute = createServer(socket => void sockets.push(socket.on('error', () => socket.destroy())))
  mute.listen(0, '127.0.0.1')
  await once(mute, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    mute.close()
  })
  const address = mute.address()
  const broker = typeof address === 'object' ? `127.0.0.1:${address?.port}` : ''
  const client = kafkaClient({ brokers: [broker], clientId: 'hookline-test', log: SILENT })
  const asked = withAdmin(client, admin => admin.listTopics(), { requestTimeoutMs: 3_600_000, limitMs: 200 })
  await expect(asked).rejects.toThrow('Kafka did not answer within 1 s')
})
