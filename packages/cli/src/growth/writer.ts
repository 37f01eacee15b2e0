import type { Writer } from './parties.ts'

const METRIC = 'hookline_publisher_partitions'
const LIMIT_MS = 2_000

/** What an ingress says of itself; `undefined`: it answers, and does not write to the topic. */
export async function writerOf(admin: string, topic: string): Promise<Writer | undefined> {
  const text = await metricsOf(admin)
  if (text === undefined) return { role: 'writes', admin, found: null }
  const start = `${METRIC}{topic="${topic}"} `
  const line = text.split('\n').find(one => one.startsWith(start))
  return line === undefined ? undefined : { role: 'writes', admin, found: Number(line.slice(start.length)) }
}

async function metricsOf(admin: string): Promise<string | undefined> {
  try {
    const response = await fetch(new URL('/metrics', admin), { signal: AbortSignal.timeout(LIMIT_MS) })
    const text = await response.text()
    return response.ok ? text : undefined
  } catch {
    return undefined // it starts, or ends, or is somewhere else: the next look tells
  }
}
