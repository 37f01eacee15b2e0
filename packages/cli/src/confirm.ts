import { createInterface } from 'node:readline/promises'
import { Failure } from './failure.ts'

export interface ConfirmOptions {
  /** `--yes`: nothing is asked. */
  readonly yes: boolean
  readonly input?: NodeJS.ReadableStream & { isTTY?: boolean }
  readonly output?: NodeJS.WritableStream
}

/** Asks on the terminal. Throws a `Failure` where there is none and `--yes` was not given, or where the answer is no. */
export async function confirm(question: string, options: ConfirmOptions): Promise<void> {
  const { yes, input = process.stdin, output = process.stderr } = options
  if (yes) return
  if (!input.isTTY) {
    throw new Failure('usage', 'There is no terminal to ask on: add --yes to go on without being asked.')
  }
  const lines = createInterface({ input, output })
  try {
    const { promise: left, resolve } = Promise.withResolvers<string>()
    // Ctrl-C and Ctrl-D are a no
    lines.once('SIGINT', () => resolve('')).once('close', () => resolve(''))
    const answer = await Promise.race([lines.question(`${question} [y/N] `), left])
    if (!/^\s*y(es)?\s*$/i.test(answer)) throw new Failure('no', 'Nothing was changed.')
  } finally {
    lines.close()
  }
}
