import type { Log } from './log.ts'

/** What was opened, to be closed last opened first. */
export interface CloseStack {
  readonly push: (name: string, close: () => Promise<void> | void) => void
  /** Closes everything once, whatever fails on the way; resolves with the names of what failed. */
  readonly close: () => Promise<readonly string[]>
}

export function closeStack(log: Log): CloseStack {
  const opened: { name: string; close: () => Promise<void> | void }[] = []
  let closing: Promise<readonly string[]> | undefined

  async function closeAll(): Promise<readonly string[]> {
    const failed: string[] = []
    for (let last = opened.pop(); last; last = opened.pop()) {
      try {
        await last.close()
      } catch (error) {
        log.error({ err: error, closing: last.name }, 'could not be closed')
        failed.push(last.name)
      }
    }
    return failed
  }

  return {
    push: (name, close) => void opened.push({ name, close }),
    close: () => (closing ??= closeAll()),
  }
}
