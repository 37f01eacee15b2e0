import { appendFileSync, writeFileSync } from 'node:fs'
import { PerformanceObserver } from 'node:perf_hooks'
import type { LoopLine } from './blocks.ts'

// Loaded into the measured process before anything else.

const TICK_MS = 5
/** Shorter ones are not told. */
const TOLD_MS = 10

/**
 * Tells how late each tick of a timer was, and how much CPU the thread itself took meanwhile: on a machine that others use as well,
 * a thread also waits for a core, which is no fault of what it runs.
 */
function watch(file: string): void {
  const tell = (line: LoopLine) => appendFileSync(file, `${JSON.stringify(line)}\n`)
  writeFileSync(file, '')
  let at = performance.now()
  let cpu = process.threadCpuUsage()
  setInterval(() => {
    const now = performance.now()
    const { user, system } = process.threadCpuUsage(cpu)
    const lateMs = now - at - TICK_MS
    if (lateMs >= TOLD_MS) {
      tell({ kind: 'block', atMs: performance.timeOrigin + at, lateMs, cpuMs: (user + system) / 1_000 })
    }
    at = performance.now()
    cpu = process.threadCpuUsage()
  }, TICK_MS).unref()

  new PerformanceObserver(list => {
    for (const { startTime, duration } of list.getEntries()) {
      tell({ kind: 'gc', atMs: performance.timeOrigin + startTime, tookMs: duration })
    }
  }).observe({ entryTypes: ['gc'] })
}

const file = process.env['HOOKLINE_BENCH_LOOP']
if (file !== undefined) watch(file)
