import type { Command } from 'commander'
import { add, type AnswerWith, type Shared, wholeNumber } from './command.ts'
import { quarantineList } from './quarantine/list.ts'
import { quarantineRelease } from './quarantine/release.ts'
import { type QuarantineSelection, withQuarantineSelection } from './quarantine/selection.ts'
import { quarantineShow } from './quarantine/show.ts'
import { quarantineVerify } from './quarantine/verify.ts'

type SelectionOptions = Omit<QuarantineSelection, 'ids' | 'state'>

const SECRETS = `
Who it is from is judged by the secrets that the ingress has: the local stack's
where that is asked, else <SOURCE>_WEBHOOK_SECRET, <SOURCE>_WEBHOOK_SECRETS or
WEBHOOK_SECRETS_PATH. What was verified when it came needs none.`

/** `hookline quarantine …` */
export function addQuarantine(hookline: Command, answer: AnswerWith): void {
  const quarantine = hookline.command('quarantine').description('requests that were kept instead of handled')

  withQuarantineSelection(
    add(quarantine, 'list', 'How many requests were kept and why, and the newest of them.', [
      'quarantine list',
      'quarantine list --source points --after 2h --open',
    ]),
  )
    .option('--open', 'only what was not released')
    .option('--released', 'only what was released')
    .option('--limit <n>', 'at most so many', wholeNumber, 20)
    .action(
      (
        options: Shared & SelectionOptions & { open?: boolean; released?: boolean; limit: number },
        command: Command,
      ) => {
        const { json, limit, open, released, ...selection } = options
        if (open && released) command.error('error: give either --open or --released')
        const state = open ? { state: 'open' as const } : released ? { state: 'released' as const } : {}
        return answer(json, config =>
          quarantineList(config, { selection: { ...selection, ...state }, limit, now: Date.now() }),
        )
      },
    )

  add(quarantine, 'show', 'All that is known of one request, and what it is judged to be now.', [
    'quarantine show 5f0c2d1e-8a4b-4c6d-9e0f-1a2b3c4d5e6f',
    'quarantine show 5f0c2d1e-… --body > body',
  ])
    .addHelpText('after', SECRETS)
    .argument('<id>', "the request's id, as `quarantine list` tells it")
    .option('--body', 'nothing but its body, byte for byte: personal data')
    .action((id: string, { json, body }: Shared & { body?: boolean }, command: Command) => {
      if (json && body) command.error('error: give either --json or --body')
      return answer(json, config => quarantineShow(config, id, { now: Date.now(), ...(body && { body }) }))
    })

  withQuarantineSelection(
    add(quarantine, 'verify', 'What could be released now, and why the rest could not. Changes nothing.', [
      'quarantine verify',
      'quarantine verify --source points --after 2h',
    ]),
  )
    .addHelpText('after', SECRETS)
    .argument('[ids...]', 'ids of requests; without them all that was not released')
    .action((ids: readonly string[], { json, ...options }: Shared & SelectionOptions) =>
      answer(json, config => quarantineVerify(config, { selection: selectionOf(ids, options), now: Date.now() })),
    )

  withQuarantineSelection(
    add(quarantine, 'release', 'Put what verifies now into the topic of its source, and mark it as released.', [
      'quarantine release --source points --after 2h',
      'quarantine release --source hc --after 2h --yes',
    ]),
  )
    .addHelpText('after', SECRETS)
    .argument('[ids...]', 'ids of requests, also released ones; without them all that was not released')
    .option('--limit <n>', 'at most so many, the oldest first', wholeNumber, 1_000)
    .option('--yes', 'ask nothing')
    .action(
      (
        ids: readonly string[],
        { json, limit, yes = false, ...options }: Shared & SelectionOptions & { limit: number; yes?: boolean },
      ) =>
        answer(json, config =>
          quarantineRelease(config, { selection: selectionOf(ids, options), limit, yes, now: Date.now }),
        ),
    )
}

function selectionOf(ids: readonly string[], options: SelectionOptions): QuarantineSelection {
  return { ...options, ...(ids.length > 0 && { ids }) }
}
