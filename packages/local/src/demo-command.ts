import { type Command, InvalidArgumentError, Option } from 'commander'
import { SABOTAGES, type SabotageName } from './demo/sabotage-name.ts'

export interface DemoFlags {
  readonly orders: number
  readonly seed?: number
  readonly sabotage?: SabotageName
  readonly keep?: true
  readonly json?: true
}

export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'Send webhooks of two senders through a stack of its own while things go wrong, and prove from the ledgers of ' +
        'the ERP, the warehouse and the mail server that each effect happened once and in order.',
    )
    .option('--orders <n>', 'how many orders', wholeNumber(10, 5_000), 500)
    .option(
      '--seed <n>',
      'the same seed plans the same orders and troubles; by chance where not said',
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option('--keep', 'leave the stack up afterwards, until Ctrl-C')
    .option('--json', 'the result as one JSON document on stdout, everything else on stderr')
    .addOption(
      new Option('--sabotage <what>', 'break a guarantee on purpose: the demo must notice and exit with 1').choices(
        SABOTAGES,
      ),
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 all is as it must be, 1 it is not or it could not be found out, 130 interrupted.',
    )
    .action(demo)
}

async function demo(flags: DemoFlags): Promise<void> {
  const { startDemo } = await import('./demo/demo.ts') // the options' help must not wait for all of it
  process.exitCode = await startDemo(flags)
}

function wholeNumber(lowest: number, highest: number) {
  return (text: string): number => {
    const n = Number(text)
    if (Number.isInteger(n) && n >= lowest && n <= highest) return n
    throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`)
  }
}
