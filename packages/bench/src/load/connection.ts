import { connect } from 'node:net'
import type { Socket } from 'node:net'

export interface ConnectionOptions {
  readonly host: string
  readonly port: number
  readonly localAddress: string
}

/** A keep-alive connection with one request at a time. It is opened with a request where it is not open. */
export interface Connection {
  /** `answered`: told the status once; 0: no answer. The bytes of `request` may be used again from then on. */
  readonly send: (request: Uint8Array, answered: (status: number) => void) => void
  /** Opens it; resolves when it is open, or cannot be. */
  readonly open: () => Promise<void>
  /** Since when it waits for an answer, by the clock of `performance.now`. */
  readonly waitingSinceMs: () => number | undefined
  readonly destroy: () => void
}

/** Of all connections: what is read is dealt with before the next read. */
const READ_INTO = Buffer.allocUnsafe(65_536)
const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: (\d+)/i

/** As cheap as Node has it, for it shares the cores with what is measured: no parser, no stream, no object per request. */
export function connection({ host, port, localAddress }: ConnectionOptions): Connection {
  let socket: Socket | undefined
  let waiting: { readonly sinceMs: number; readonly answered: (status: number) => void } | undefined
  let head = ''
  /** Bytes of the answer that are still to come, once its head is there. */
  let left = 0

  function settle(status: number): void {
    const one = waiting
    waiting = undefined
    head = ''
    left = 0
    one?.answered(status)
  }

  function onRead(bytes: number): boolean {
    if (left > 0) {
      left -= bytes
    } else {
      head += READ_INTO.toString('latin1', 0, bytes)
      const end = head.indexOf(HEAD_END)
      if (end === -1) return true
      left = end + HEAD_END.length + Number(LENGTH.exec(head)?.[1]) - head.length
    }
    if (left > 0) return true
    // more than one answer, or one without a length: nothing here sends such
    if (left === 0) settle(Number(head.slice(9, 12)))
    else socket?.destroy()
    return true
  }

  function opened(): Socket {
    if (socket !== undefined) return socket
    const one = connect({ host, port, localAddress, noDelay: true, onread: { buffer: READ_INTO, callback: onRead } })
    one.on('error', () => {})
    one.on('end', () => one.destroy())
    one.on('close', () => {
      if (socket === one) socket = undefined
      settle(0)
    })
    return (socket = one)
  }

  return {
    send(request, answered) {
      waiting = { sinceMs: performance.now(), answered }
      opened().write(request)
    },
    open: () =>
      new Promise(resolve => {
        if (socket !== undefined) return resolve()
        opened()
          .once('connect', () => resolve())
          .once('close', () => resolve())
      }),
    waitingSinceMs: () => waiting?.sinceMs,
    destroy: () => void socket?.destroy(),
  }
}
