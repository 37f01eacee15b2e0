const EVERY_MS = 1_000

export interface ProgressLine {
  show(done: number): void
  end(): void
}

/** How far a long run has come, on standard error: one line that changes, or where that is no terminal, a line now and then. */
export function progressLine(what: string): ProgressLine {
  const startedMs = performance.now()
  const { isTTY } = process.stderr
  const everyMs = isTTY ? EVERY_MS : 10 * EVERY_MS
  let shownMs = startedMs

  return {
    show(done) {
      const nowMs = performance.now()
      if (nowMs - shownMs < everyMs) return
      shownMs = nowMs
      const perSecond = Math.round((done / (nowMs - startedMs)) * 1_000)
      const line = `${done.toLocaleString('en')} ${what}, ${perSecond.toLocaleString('en')}/s`
      process.stderr.write(isTTY ? `\r\u001B[K${line}` : `${line}\n`)
    },
    end() {
      if (isTTY) process.stderr.write('\r\u001B[K')
    },
  }
}
