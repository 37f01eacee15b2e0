import { setTimeout as delay } from 'node:timers/promises'
import { WEBHOOKS_OF_ORDER } from './webhooks.ts'

/** Sends webhook `n`, the `step`-th of its order; `answered` is called once. `dueMs`: by the clock of `performance.now`. */
export type Send<Line> = (line: Line, webhook: Numbered, answered: () => void) => void

interface Numbered {
  readonly n: number
  readonly order: number
  readonly step: number
  readonly dueMs: number
}

interface OpenLoop<Line> {
  readonly ratePerS: number
  readonly forMs: number
  readonly maxLateMs: number
  readonly send: Send<Line>
}

/** Webhooks at their times, each of its own order. One that finds no line free waits for the next. Resolves when all are answered. */
export async function openLoop<Line>(
  lines: readonly Line[],
  { ratePerS, forMs, maxLateMs, send }: OpenLoop<Line>,
): Promise<void> {
  const count = Math.round((ratePerS * forMs) / 1_000)
  const startMs = performance.now()
  const dueMsOf = (n: number) => startMs + (n * 1_000) / ratePerS
  const free = ring(lines)
  const { promise, resolve } = Promise.withResolvers<void>()
  let next = 0
  let over = 0

  function sendDue(): void {
    const nowMs = performance.now()
    while (next < count && dueMsOf(next) <= nowMs) {
      const dueMs = dueMsOf(next)
      const line = nowMs - dueMs > maxLateMs ? 'too late' : free.take()
      if (line === undefined) return
      const n = next++
      if (line === 'too late') {
        over += 1
        continue
      }
      send(line, { n, order: n, step: 0, dueMs }, () => {
        free.give(line)
        over += 1
        if (over === count) resolve()
        else sendDue()
      })
    }
    if (over === count) resolve()
  }

  while (next < count) {
    sendDue()
    if (next < count) await delay(Math.max(1, dueMsOf(next) - performance.now()))
  }
  await promise
}

/** Lines in turn, so that all addresses are used alike. Each that is given was taken before. */
function ring<Line>(lines: readonly Line[]) {
  const all = [...lines]
  let taken = 0
  let given = all.length
  return {
    take: () => (taken === given ? undefined : all[taken++ % all.length]),
    give(line: Line) {
      all[given++ % all.length] = line
    },
  }
}

/** Each line sends the next when the last is answered: all webhooks of one order, then those of another. */
export async function closedLoop<Line>(
  lines: readonly Line[],
  { forMs, send }: { readonly forMs: number; readonly send: Send<Line> },
): Promise<void> {
  const endMs = performance.now() + forMs
  let orders = 0
  await Promise.all(
    lines.map(
      line =>
        new Promise<void>(resolve => {
          let order = orders++
          let step = 0
          const sendNext = () => {
            const dueMs = performance.now()
            if (dueMs >= endMs) return resolve()
            send(line, { n: order * WEBHOOKS_OF_ORDER + step, order, step, dueMs }, sendNext)
            step += 1
            if (step < WEBHOOKS_OF_ORDER) return
            order = orders++
            step = 0
          }
          sendNext()
        }),
    ),
  )
}
