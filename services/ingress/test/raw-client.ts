import { connect } from 'node:net'
import type { Socket } from 'node:net'

export interface RawAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const plain = (port: number): Socket => connect({ port, host: '127.0.0.1' })

/** A connection that sends exactly the bytes it is told to. */
export class RawClient {
  readonly socket: Socket
  readonly #closed: Promise<void>
  #received = Buffer.alloc(0)
  #waiting: (() => void) | undefined

  constructor(port: number, open: (port: number) => Socket = plain) {
    this.socket = open(port)
    this.socket.on('data', chunk => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#waiting?.()
    })
    // a reset shows as an answer that is missing
    this.socket.on('error', () => {})
    this.#closed = new Promise(resolve => {
      this.socket.once('close', () => {
        resolve()
        this.#waiting?.()
      })
    })
  }

  send(bytes: string | Buffer): this {
    this.socket.write(bytes)
    return this
  }

  /** The next answer on this connection; undefined when it ends without one. */
  async answer({ head = false } = {}): Promise<RawAnswer | undefined> {
    for (;;) {
      const parsed = parse(this.#received, head)
      if (parsed) {
        this.#received = this.#received.subarray(parsed.length)
        return parsed.answer
      }
      if (this.socket.destroyed) return undefined
      await new Promise<void>(resolve => (this.#waiting = resolve))
    }
  }

  closed(): Promise<void> {
    return this.#closed
  }

  close(): void {
    this.socket.destroy()
  }
}

function parse(bytes: Buffer, head: boolean): { answer: RawAnswer; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [status = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const headers = Object.fromEntries(
    lines.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const bodyStart = end + 4
  const bodyLength = head ? 0 : Number(headers['content-length'] ?? 0)
  if (bytes.length < bodyStart + bodyLength) return undefined
  const body = bytes.subarray(bodyStart, bodyStart + bodyLength).toString()
  return { answer: { statusCode: Number(status.split(' ')[1]), headers, body }, length: bodyStart + bodyLength }
}

/** All answers that these bytes are. Throws where they are anything else, an answer that is cut included. */
export function answersIn(bytes: Buffer): readonly RawAnswer[] {
  const answers: RawAnswer[] = []
  for (let rest = bytes; rest.length > 0; ) {
    const parsed = parse(rest, false)
    if (!parsed || !/^HTTP\/1\.1 \d{3} [ -~]+\r\n/.test(rest.toString('latin1'))) throw new Error('not HTTP')
    answers.push(parsed.answer)
    rest = rest.subarray(parsed.length)
  }
  return answers
}
