import { once } from 'node:events'
import { createServer } from 'node:net'
import getPort from 'get-port'

export const LOOPBACK = '127.0.0.1'

/** Below the range that systems hand out to outgoing connections, so that a port is still ours after a restart. */
const LOWEST = 20_000
const HIGHEST = 32_000
/** Ports of one process. */
const BLOCK = 100
const BLOCKS = (HIGHEST - LOWEST) / BLOCK

/** The first port of the block that is this process's own, and which of its ports comes next. */
let block: Promise<number> | undefined
let next = 0

/** Where the ports come from: the usual ones or, taken, any; consecutive ones from a base; any free ones. */
export type PortChoice = { kind: 'usual' } | { kind: 'base'; base: number } | { kind: 'any' }

/** The usual ports; the order is that of `--port-base`. What has no place here gets one after the last. */
const USUAL = {
  ingress: 8080,
  kafka: 9092,
  kafkaController: 9093,
  mongodb: 27017,
  erp: 9101,
  wms: 9102,
  mail: 9103,
  smtp: 9104,
} as const
const FIRST_ADMIN = 9110
/** Above every process that a stack may have. */
const FIRST_TARGET = 9200

export type PortName = keyof typeof USUAL

/**
 * A free port that no other process gives out and that this one has not given out for long:
 * what is to listen there may take seconds to start.
 */
export async function freePort(): Promise<number> {
  block ??= ownBlock()
  const first = await block
  // the guard has the port 0 of the block
  const from = next++
  return getPort({ port: Array.from({ length: BLOCK - 1 }, (_, n) => first + 1 + ((from + n) % (BLOCK - 1))) })
}

/** Whoever listens on a block's first port owns it: the system gives it back however the process ends. */
async function ownBlock(): Promise<number> {
  for (let n = 0; n < BLOCKS; n++) {
    const first = LOWEST + BLOCK * ((process.pid + n) % BLOCKS)
    const guard = createServer().unref().listen(first, LOOPBACK)
    const ours = await once(guard, 'listening').then(
      () => true,
      () => false,
    )
    if (ours) return first
  }
  throw new Error(`all ports from ${LOWEST} to ${HIGHEST} are taken: end stacks that are not needed`)
}

/** Gives out the ports of one stack; `progress` hears of every port that is not the usual one. */
export function portBook(choice: PortChoice, progress: (line: string) => void) {
  const names = Object.keys(USUAL)
  return {
    named: (name: PortName) => choose(name, USUAL[name], names.indexOf(name)),
    /** The admin port of the nth service process. */
    admin: (n: number) => choose(`admin ${n}`, FIRST_ADMIN + n, names.length + n),
    /** The port of the nth target beside the usual ones; from a base they come after those of so many processes. */
    target: (name: string, { n, processes }: { n: number; processes: number }) =>
      choose(name, FIRST_TARGET + n, names.length + processes + n),
  }

  async function choose(name: string, usual: number, offset: number): Promise<number> {
    switch (choice.kind) {
      case 'any':
        return freePort()
      case 'base': {
        const wanted = choice.base + offset
        if (await isFree(wanted)) return wanted
        throw new Error(`port ${wanted} (${name}) is taken: choose another --port-base`)
      }
      case 'usual': {
        if (await isFree(usual)) return usual
        const other = await freePort()
        progress(`port ${usual} (${name}) is taken: using ${other}`)
        return other
      }
    }
  }
}

/** On all addresses: what listens on any of them would get our clients. */
function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}
