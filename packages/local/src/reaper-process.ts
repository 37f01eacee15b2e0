// The reaper's process: see reaper.ts. It outlives Ctrl-C and SIGTERM, because its work begins then.
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { groupIsAlive, signalGroup } from './process-group.ts'
import type { ReaperOrder } from './reaper.ts'

const patienceMs = Number(process.argv[2])
const watched = new Set<number>()
const removals = new Set<string>()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

const lines = createInterface({ input: process.stdin })
lines.on('line', line => {
  const order: ReaperOrder = JSON.parse(line)
  if ('watch' in order) watched.add(order.watch)
  else if ('forget' in order) watched.delete(order.forget)
  else removals.add(order.remove)
})
process.stdin.on('error', () => lines.close())
lines.on('close', () => void reap())

async function reap(): Promise<void> {
  const deadline = performance.now() + patienceMs
  for (const pid of [...watched].toReversed()) {
    signalGroup(pid, 'SIGTERM')
    signalGroup(pid, 'SIGCONT') // a stopped process would keep the SIGTERM to itself
  }
  while ([...watched].some(groupIsAlive) && performance.now() < deadline) await delay(50)
  for (const pid of watched) signalGroup(pid, 'SIGKILL')
  for (const path of removals) rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  process.exit(0)
}
