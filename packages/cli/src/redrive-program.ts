import { type Command, InvalidArgumentError } from 'commander'
import { add, type AnswerWith, type Shared, wholeNumber } from './command.ts'
import { redriveList } from './commands/redrive-list.ts'
import { redrivePause } from './commands/redrive-pause.ts'
import { redrivePlan } from './commands/redrive-plan.ts'
import { redriveResume } from './commands/redrive-resume.ts'
import { redriveRun } from './commands/redrive-run.ts'
import { redriveShow } from './commands/redrive-show.ts'
import { type SelectionOptions, selectionOf, withSelection } from './selection.ts'

interface PlanOptions extends Shared, SelectionOptions {
  limit: number
  withoutPrerequisite?: boolean
}

interface RunOptions extends PlanOptions {
  service: string
  why: string
  by?: string
  rate: number
  yes?: boolean
  follow: boolean
  expect?: string
}

/** `hookline redrive …` */
export function addRedrive(hookline: Command, answer: AnswerWith): void {
  const redrive = hookline.command('redrive').description('give dead events back, in order')

  withPlan(
    add(redrive, 'plan', 'What a redrive would do with each dead event; changes nothing.', [
      'redrive plan',
      'redrive plan --service erp-sync --reason permanent',
    ]).option('--service <name>', 'only this service'),
  ).action((ids: readonly string[], { service, ...options }: PlanOptions & { service?: string }) =>
    answer(options.json, config => redrivePlan(config, { ...planOf(ids, options), ...(service && { service }) })),
  )

  withPlan(
    add(redrive, 'run', 'Give dead events back to the lanes of their orders, and follow them to their end.', [
      'redrive run --service erp-sync --why "ERP mended"',
      'redrive run --service wms --order 4711 --why "mended"',
    ]).requiredOption('--service <name>', 'in this service'),
  )
    .requiredOption('--why <text>', 'why: it is kept, and shown with the order')
    .option('--by <who>', 'who decided (default: the user of this machine)')
    .option('--rate <n>', 'events in a second, at most', rateOf, 20)
    .option('--expect <digest>', 'only if the plan is still the one of this digest')
    .option('--no-follow', 'end when everything was given back')
    .option('--yes', 'ask nothing')
    .action((ids: readonly string[], { json, rate, ...options }: RunOptions) =>
      answer(json, config => redriveRun(config, { ...options, ...planOf(ids, options), ratePerS: rate })),
    )

  add(redrive, 'resume', 'Go on with a redrive that was paused, killed or not followed.', [
    'redrive resume 20260101-100000-1f3a',
    'redrive resume 20260101-100000-1f3a --rate 5',
  ])
    .argument('<id>', 'of the redrive')
    .option('--by <who>', 'who runs it (default: the user of this machine)')
    .option('--rate <n>', 'events in a second, at most (default: as decided)', rateOf)
    .option('--no-follow', 'end when everything was given back')
    .action((id: string, { json, rate, ...options }: Shared & { by?: string; rate?: number; follow: boolean }) =>
      answer(json, config => redriveResume(config, id, { ...options, ...(rate !== undefined && { ratePerS: rate }) })),
    )

  add(redrive, 'pause', 'Let the runner of a redrive pause before its next write.', [
    'redrive pause 20260101-100000-1f3a',
  ])
    .argument('<id>', 'of the redrive')
    .option('--by <who>', 'who wants it (default: the user of this machine)')
    .action((id: string, { json, ...options }: Shared & { by?: string }) =>
      answer(json, config => redrivePause(config, id, options)),
    )

  add(redrive, 'list', 'The redrives: who, why, how far. The newest first.', ['redrive list', 'redrive list --limit 3'])
    .option('--service <name>', 'only this service')
    .option('--limit <n>', 'at most so many', wholeNumber, 10)
    .action(({ json, ...options }: Shared & { service?: string; limit: number }) =>
      answer(json, config => redriveList(config, options)),
    )

  add(redrive, 'show', 'One redrive with each of its events.', ['redrive show 20260101-100000-1f3a'])
    .argument('<id>', 'of the redrive')
    .action((id: string, { json }: Shared) => answer(json, config => redriveShow(config, id)))
}

function withPlan(command: Command): Command {
  return withSelection(command)
    .argument('[ids...]', 'ids of events, as `dead list` tells them')
    .option('--limit <n>', 'events at most; no order is cut', wholeNumber, 1_000)
    .option('--without-prerequisite', 'also what waits for its order: it counts as known from then on')
}

function planOf(ids: readonly string[], { limit, withoutPrerequisite, ...options }: PlanOptions) {
  const selection = selectionOf(options, ids)
  return { selection, limit, ...(withoutPrerequisite && { withoutPrerequisite }) }
}

function rateOf(text: string): number {
  const n = Number(text)
  if (n > 0 && n <= 1_000) return n
  throw new InvalidArgumentError('It must be a number above 0, up to 1000.')
}
