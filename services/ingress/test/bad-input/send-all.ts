import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { RawClient } from '../raw-client.ts'
import type { BadInput } from './row.ts'
import { post } from './senders.ts'
import type { Sender } from './senders.ts'

async function ask(port: number, bytes: string | Buffer): Promise<string> {
  const client = new RawClient(port)
  const answer = await client.send(bytes).answer()
  client.close()
  if (answer === undefined) return 'no answer'
  const { code = 'accepted' }: { code?: string } = JSON.parse(answer.body)
  return `${answer.statusCode} ${code}`
}

/** Sends every one, each on a connection of its own, then a good one. Resolves with what was answered otherwise. */
export async function sendAll(port: number, sender: Sender, inputs: readonly BadInput[]): Promise<readonly string[]> {
  const otherwise: string[] = []
  for (const { name, bytes, statusCode, code } of inputs) {
    const answer = await ask(port, bytes)
    if (answer !== `${statusCode} ${code}`) otherwise.push(`${name}: ${answer}`)
  }
  const good = await ask(port, post(sender))
  return good === '200 accepted' ? otherwise : [...otherwise, `a good one after them: ${good}`]
}

const AT_A_TIME = 250

/** Connections on which nothing is sent: ten thousand, or as many as this process may have files. */
export async function idleSockets(port: number): Promise<readonly Socket[]> {
  const files = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }))
  const wanted = Math.min(10_000, Number.isNaN(files) ? Infinity : files - 2_000)
  const sockets: Socket[] = []
  while (sockets.length < wanted) {
    const some = Array.from({ length: Math.min(AT_A_TIME, wanted - sockets.length) }, () => connect(port, '127.0.0.1'))
    // the ingress may cut them off whenever it likes
    for (const socket of some) socket.on('error', () => {})
    await Promise.all(some.map(socket => once(socket, 'connect')))
    sockets.push(...some)
  }
  return sockets
}
