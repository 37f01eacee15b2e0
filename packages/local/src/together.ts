import type { Session } from './session.ts'

type Start = <R>(task: (session: Session) => Promise<R>) => Promise<R>

/**
 * Runs tasks side by side. When one fails the others are aborted, their end is waited for, and its error is thrown:
 * what they started is then known to whoever cleans up.
 *
 *     const [a, b] = await together(session, start => Promise.all([start(taskA), start(taskB)]))
 */
export async function together<T>(session: Session, tasks: (start: Start) => Promise<T>): Promise<T> {
  const failed = new AbortController()
  const inner = { ...session, signal: AbortSignal.any([session.signal, failed.signal]) }
  const running: Promise<unknown>[] = []

  async function run<R>(task: (session: Session) => Promise<R>): Promise<R> {
    try {
      return await task(inner)
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }

  function start<R>(task: (session: Session) => Promise<R>): Promise<R> {
    const one = run(task)
    running.push(one)
    return one
  }

  try {
    return await tasks(start)
  } catch {
    await Promise.allSettled(running)
    session.signal.throwIfAborted()
    throw failed.signal.reason
  }
}
