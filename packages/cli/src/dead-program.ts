import type { Command } from 'commander'
import { add, type AnswerWith, type Shared, wholeNumber } from './command.ts'
import { deadLetters } from './commands/dead-letters.ts'
import { deadList } from './commands/dead-list.ts'
import { deadShow } from './commands/dead-show.ts'
import { type SelectionOptions, selectionOf, withSelection } from './selection.ts'

/** `hookline dead …` */
export function addDead(hookline: Command, answer: AnswerWith): void {
  const dead = hookline.command('dead').description('events that were given up')

  withSelection(
    add(dead, 'list', 'The events that were given up and wait for a person, newest first.', [
      'dead list',
      'dead list --service wms --reason used_up --limit 100',
    ]),
  )
    .option('--service <name>', 'only this service')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(({ json, service, limit, ...options }: Shared & SelectionOptions & { service?: string; limit: number }) =>
      answer(json, config => deadList(config, { limit, selection: selectionOf(options), ...(service && { service }) })),
    )

  add(dead, 'show', 'All that is known of one dead event.', [
    'dead show 6581a2f0c3d4e5f60718293a',
    'dead show 6581a2f0c3d4e5f60718293a --body',
  ])
    .argument('<id>', "the event's id, as `dead list` tells it")
    .option('--service <name>', 'only this service')
    .option('--body', 'the whole event too, as it came: personal data')
    .action((id: string, { json, ...options }: Shared & { service?: string; body?: boolean }) =>
      answer(json, config => deadShow(config, id, options)),
    )

  add(dead, 'letters', 'Records that no order record can hold: unreadable, too old, or too many.', [
    'dead letters',
    'dead letters --service wms --limit 100 --json',
  ])
    .option('--service <name>', 'only this service')
    .option('--limit <n>', 'of each service at most so many', wholeNumber, 20)
    .action(({ json, ...options }: Shared & { service?: string; limit: number }) =>
      answer(json, config => deadLetters(config, options)),
    )
}
