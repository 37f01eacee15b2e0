import { type Command, InvalidArgumentError } from 'commander'
import type { Answer } from './answer.ts'
import type { Config } from './config.ts'
import { EXIT_CODES } from './failure.ts'

const RUN = 'npx -y pnpm@12 hookline'

export const ABOUT = `
A local stack that runs is found by .hookline/stack.json. Anything else is named
by KAFKA_BROKERS, KAFKA_SECURITY_PROTOCOL and MONGODB_URI, which win over it.
HOOKLINE_SERVICES: the consumer services, separated by commas (default: those of
the local stack, else those with a <name>.dead topic in infra/topics.yaml).

Exit codes: ${EXIT_CODES.done} done; ${EXIT_CODES.no} the answer is no (unknown order, refused step, missing
topic); ${EXIT_CODES.usage} wrong command line, file or environment; ${EXIT_CODES.unavailable} Kafka or MongoDB does
not answer or refuses; ${EXIT_CODES.bug} a fault of hookline itself.`

/** Asks, and tells the answer as JSON or as text. */
export type AnswerWith = (json: boolean | undefined, ask: (config: Config) => Promise<Answer>) => Promise<void>

/** Options of every command. */
export interface Shared {
  json?: boolean
}

/** A command with its help, an example in it and `--json`. */
export function add(parent: Command, name: string, description: string, examples: readonly string[]): Command {
  return parent
    .command(name)
    .description(description)
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', `\nFor example:\n${examples.map(one => `  ${RUN} ${one}`).join('\n')}`)
    .addHelpText('after', ABOUT)
}

export function wholeNumber(text: string): number {
  const n = Number(text)
  if (Number.isInteger(n) && n >= 1 && n <= 10_000) return n
  throw new InvalidArgumentError('It must be a whole number from 1 to 10000.')
}
