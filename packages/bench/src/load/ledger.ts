import { type Answers, NO_ANSWER, NOT_SENT } from './plan.ts'

/** What becomes of each webhook of a load. Times by the clock of `performance.now`. */
export interface Ledger {
  readonly sent: (n: number, dueMs: number, secret: string) => void
  readonly answered: (n: number, dueMs: number, status: number) => void
  readonly answers: () => Answers
}

/** `most`: webhooks that there is room for. */
export function ledger(most: number): Ledger {
  const status = new Uint16Array(most).fill(NOT_SENT)
  const lateMs = new Float32Array(most)
  const tookMs = new Float32Array(most)
  const secret = new Uint8Array(most)
  const secrets: string[] = []
  const startedMs = performance.now()
  const cpu = process.cpuUsage()
  let lastMs = startedMs
  let count = 0

  return {
    sent(n, dueMs, id) {
      if (n >= most) throw new RangeError(`there is room for ${most} webhooks`)
      if (!secrets.includes(id)) secrets.push(id)
      count = Math.max(count, n + 1)
      status[n] = NO_ANSWER
      secret[n] = secrets.indexOf(id)
      lateMs[n] = performance.now() - dueMs
    },
    answered(n, dueMs, answer) {
      lastMs = performance.now()
      status[n] = answer
      tookMs[n] = lastMs - dueMs
    },
    answers() {
      const { user, system } = process.cpuUsage(cpu)
      return {
        status: status.slice(0, count),
        lateMs: lateMs.slice(0, count),
        tookMs: tookMs.slice(0, count),
        secret: secret.slice(0, count),
        secrets,
        startedMs: performance.timeOrigin + startedMs,
        elapsedMs: lastMs - startedMs,
        cpuMs: (user + system) / 1_000,
      }
    },
  }
}
