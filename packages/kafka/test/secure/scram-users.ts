import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'

const MECHANISMS = { 'SCRAM-SHA-256': [1, 'sha256', 32], 'SCRAM-SHA-512': [2, 'sha512', 64] } as const
export type ScramMechanism = keyof typeof MECHANISMS

const ALTER_USER_SCRAM_CREDENTIALS = 51
const ITERATIONS = 4_096

/** Makes a user, or gives one a new password. kafkajs has no such request. */
export async function setScramUser(broker: string, name: string, mechanism: ScramMechanism, password: string) {
  const [id, hash, length] = MECHANISMS[mechanism]
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, ITERATIONS, length, hash)
  const upsertion = [bytes(name), int(1, id), int(4, ITERATIONS), bytes(salt), bytes(salted), NO_TAGS]
  await alter(broker, [array([]), array([Buffer.concat(upsertion)])])
}

export async function removeScramUser(broker: string, name: string, mechanism: ScramMechanism) {
  await alter(broker, [array([Buffer.concat([bytes(name), int(1, MECHANISMS[mechanism][0]), NO_TAGS])]), array([])])
}

/** Version 0, a flexible one. Source: https://kafka.apache.org/protocol.html#The_Messages_AlterUserScramCredentials */
async function alter(broker: string, body: readonly Buffer[]): Promise<void> {
  const clientId = Buffer.from('test')
  const header = [
    int(2, ALTER_USER_SCRAM_CREDENTIALS),
    int(2, 0),
    int(4, 1),
    int(2, clientId.length),
    clientId,
    NO_TAGS,
  ]
  const request = Buffer.concat([...header, ...body, NO_TAGS])
  const [host, port] = broker.split(':')
  const socket = connect(Number(port), host)
  socket.write(Buffer.concat([int(4, request.length), request]))
  const [answer]: Buffer[] = await once(socket, 'data')
  socket.destroy()
  // size, correlation id, tags, throttle time, the array's length, the user's name
  const at = 4 + 4 + 1 + 4 + 1
  const error = answer?.readInt16BE(at + (answer[at] ?? 0))
  if (error !== 0) throw new Error(`the broker answered with error ${error}`)
}

const NO_TAGS = Buffer.from([0])

function int(length: 1 | 2 | 4, value: number): Buffer {
  const buffer = Buffer.alloc(length)
  buffer.writeIntBE(value, 0, length)
  return buffer
}

/** Compact: its length is one more, in a varint; all of ours are short. */
function bytes(value: string | Buffer): Buffer {
  const buffer = Buffer.from(value)
  return Buffer.concat([int(1, buffer.length + 1), buffer])
}

function array(items: readonly Buffer[]): Buffer {
  return Buffer.concat([int(1, items.length + 1), ...items])
}
