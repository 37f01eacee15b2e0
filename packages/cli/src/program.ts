import { Command, CommanderError, InvalidArgumentError } from 'commander'
import type { Answer } from './answer.ts'
import { deadList } from './commands/dead-list.ts'
import { lag } from './commands/lag.ts'
import { migrate } from './commands/migrate.ts'
import { order } from './commands/order.ts'
import { topicsApply } from './commands/topics-apply.ts'
import { type Config, readConfig } from './config.ts'
import { EXIT_CODES, Failure } from './failure.ts'
import { lookOf } from './look.ts'

const RUN = 'npx -y pnpm@12 hookline'

const ABOUT = `
A local stack that runs is found by .hookline/stack.json. Anything else is named
by KAFKA_BROKERS, KAFKA_SECURITY_PROTOCOL and MONGODB_URI, which win over it.
HOOKLINE_SERVICES: the consumer services (default: erp-sync,email,wms).

Exit codes: ${EXIT_CODES.done} done; ${EXIT_CODES.no} the answer is no (unknown order, refused step, missing
topic); ${EXIT_CODES.usage} wrong command line, file or environment; ${EXIT_CODES.unavailable} Kafka or MongoDB does
not answer or refuses; ${EXIT_CODES.bug} a fault of hookline itself.`

/** Runs one command line and resolves with the exit code; only what was asked for goes to stdout. */
export async function run(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT_CODES.done
  const answer: AnswerWith = async (json, ask) => {
    const { document, text, problem } = await ask(readConfig(process.env, process.cwd()))
    const told = json ? JSON.stringify(document, null, 2) : text(lookOf(process.stdout))
    if (told !== '') process.stdout.write(`${told}\n`)
    if (problem === undefined) return
    process.stderr.write(`${problem}\n`)
    exitCode = EXIT_CODES.no
  }
  try {
    await program(answer).parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    // commander has said what is wrong, or shown its help
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage
    if (error instanceof Failure) {
      process.stderr.write(`${error.message}\n`)
      return EXIT_CODES[error.ending]
    }
    process.stderr.write(`This is a fault of hookline, please report it: ${String(error)}\n`)
    return EXIT_CODES.bug
  }
}

type AnswerWith = (json: boolean | undefined, ask: (config: Config) => Promise<Answer>) => Promise<void>

interface Shared {
  json?: boolean
}

function program(answer: AnswerWith): Command {
  const hookline = new Command('hookline')
    .description('Topics, indexes, lag and orders of a Hookline installation.')
    .addHelpText('after', ABOUT)
    .exitOverride()
  const topics = hookline.command('topics').description('the topics in Kafka')

  add(topics, 'apply', 'Make the topics what a file says; nothing is ever taken away.', [
    'topics apply',
    'topics apply --file infra/topics.yaml --profile local',
  ])
    .option('--file <path>', 'the file (default: infra/topics.yaml)')
    .option('--profile <name>', 'a profile of the file (default on the local stack: local)')
    .action(({ json, ...options }: Shared & { file?: string; profile?: string }) =>
      answer(json, config => topicsApply(config, options)),
    )

  add(hookline, 'migrate', "Make the indexes of each service's database.", ['migrate', 'migrate --service erp-sync'])
    .option('--service <name>', 'only this service')
    .action(({ json, ...options }: Shared & { service?: string }) => answer(json, config => migrate(config, options)))

  add(hookline, 'lag', 'How many records each service has not taken yet.', ['lag', 'lag --service email --partitions'])
    .option('--service <name>', 'only this service')
    .option('--partitions', 'a line for each partition')
    .action(({ json, ...options }: Shared & { service?: string; partitions?: boolean }) =>
      answer(json, config => lag(config, options)),
    )

  add(hookline, 'order', 'What each service did about each event of an order, and why.', [
    'order 0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11',
    'order 0b5e7a52-4f0e-4a53-9d3c-2f6f3c0f7a11 --json',
  ])
    .argument('<id>', "the sender's id of the order")
    .action((id: string, { json }: Shared) => answer(json, config => order(config, id)))

  const dead = hookline.command('dead').description('events that were given up')
  add(dead, 'list', 'The events that were given up and wait for a person, newest first.', [
    'dead list',
    'dead list --service wms --limit 100',
  ])
    .option('--service <name>', 'only this service')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(({ json, ...options }: Shared & { service?: string; limit: number }) =>
      answer(json, config => deadList(config, options)),
    )
  return hookline
}

function add(parent: Command, name: string, description: string, examples: readonly string[]): Command {
  return parent
    .command(name)
    .description(description)
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', `\nFor example:\n${examples.map(one => `  ${RUN} ${one}`).join('\n')}`)
    .addHelpText('after', ABOUT)
}

function wholeNumber(text: string): number {
  const n = Number(text)
  if (Number.isInteger(n) && n >= 1 && n <= 10_000) return n
  throw new InvalidArgumentError('It must be a whole number from 1 to 10000.')
}
