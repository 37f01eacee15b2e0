import { writeFileSync } from 'node:fs'

/** Keeps what the effects did, and writes it at the end of the process: a line for each, its order id and version first. */
export function effectLog(file: string | undefined): (orderId: string, version: string, ...more: number[]) => void {
  if (file === undefined) return () => {}
  const lines: string[] = []
  process.once('exit', () => writeFileSync(file, lines.join('\n')))
  return (...words) => void lines.push(words.join(' '))
}
