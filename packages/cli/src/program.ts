import { Command, CommanderError } from 'commander'
import { ABOUT, add, type AnswerWith, type Shared } from './command.ts'
import { lag } from './commands/lag.ts'
import { migrate } from './commands/migrate.ts'
import { newConsumer } from './commands/new-consumer.ts'
import { order } from './commands/order.ts'
import { readConfig } from './config.ts'
import { addDead } from './dead-program.ts'
import { EXIT_CODES, Failure } from './failure.ts'
import { lookOf } from './look.ts'
import { addQuarantine } from './quarantine-program.ts'
import { addRedrive } from './redrive-program.ts'
import { addSecrets } from './secrets-program.ts'
import { addTopics } from './topics-program.ts'

/** Runs one command line and resolves with the exit code; only what was asked for goes to stdout. */
export async function run(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT_CODES.done
  const answer: AnswerWith = async (json, ask) => {
    const { document, text, bytes, problem } = await ask(readConfig(process.env, process.cwd()))
    if (bytes !== undefined && !process.stdout.isTTY) process.stdout.write(bytes)
    else {
      const told = json ? JSON.stringify(document, null, 2) : text(lookOf(process.stdout))
      if (told !== '') process.stdout.write(`${told}\n`)
    }
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

/** The whole command line, its commands answering by `answer`. */
export function program(answer: AnswerWith): Command {
  const hookline = new Command('hookline')
    .description(
      'Topics, indexes, lag, orders, dead events and quarantine of a Hookline installation, and new consumers of it.',
    )
    .addHelpText('after', ABOUT)
    .exitOverride()
  addTopics(hookline, answer)
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

  add(hookline, 'new-consumer', 'Write a consumer service that works, to go on from.', [
    'new-consumer loyalty',
    'new-consumer gift-cards --no-install',
  ])
    .argument('<name>', 'words of small letters and digits joined by -')
    .option('--no-install', 'leave the lockfile and docs/asyncapi.yaml for later')
    .action((name: string, { json, install }: Shared & { install: boolean }) =>
      answer(json, config => newConsumer(config, name, { install })),
    )

  addDead(hookline, answer)
  addRedrive(hookline, answer)
  addQuarantine(hookline, answer)
  addSecrets(hookline, answer)
  return hookline
}
