/** What the command ends with, for scripts. */
export const EXIT_CODES = {
  done: 0,
  /** Asked and answered, and the answer is no: an order that nobody knows, a step that was refused. */
  no: 1,
  /** The command line, a file or the environment is wrong. */
  usage: 2,
  /** Kafka or MongoDB does not answer, or refuses to. */
  unavailable: 3,
  /** A fault of this program. */
  bug: 4,
} as const

type Ending = Exclude<keyof typeof EXIT_CODES, 'done' | 'bug'>

/** Something that a person can act on: the message says what is wrong and what to do next, and is all that is shown. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly ending: Ending

  constructor(ending: Ending, message: string, options?: ErrorOptions) {
    super(message, options)
    this.ending = ending
  }
}

/** A word for an error of which the message may say too much. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
