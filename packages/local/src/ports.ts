import getPort from 'get-port'

export const LOOPBACK = '127.0.0.1'

/** Below the range that systems hand out to outgoing connections, so that a port is still ours after a restart. */
const LOWEST = 20_000
const HIGHEST = 32_000

/** A free port on the loopback address that this process has not given out before. */
export function freePort(): Promise<number> {
  const first = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
  return getPort({
    host: LOOPBACK,
    port: Array.from({ length: 200 }, (_, n) => LOWEST + ((first + n) % (HIGHEST - LOWEST))),
  })
}
