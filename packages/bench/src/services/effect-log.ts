import { writeFileSync } from 'node:fs'

/** Keeps what the effects did, and writes it at the end of the process: a line of order id and version for each. */
export function effectLog(file: string | undefined): (orderId: string, version: string) => void {
  if (file === undefined) return () => {}
  const lines: string[] = []
  process.once('exit', () => writeFileSync(file, lines.join('\n')))
  return (orderId, version) => void lines.push(`${orderId} ${version}`)
}
