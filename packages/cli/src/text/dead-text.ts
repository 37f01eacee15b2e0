import type { Look } from '../answer.ts'
import type { DeadDocument, ListedDead } from '../commands/dead-list.ts'
import { DEAD_REASONS } from './dead-reason.ts'
import { paragraph } from './paragraph.ts'
import { table } from './table.ts'
import { toTheSecond } from './time.ts'

/** Of each event a line, and beneath it of which order it is and why it died. */
export function deadText(
  { dead, more }: DeadDocument,
  { look, services }: { look: Look; services: readonly string[] },
) {
  if (dead.length === 0) return `Nothing is dead in ${services.join(', ')}.`
  const [titles, ...lines] = table(
    [{ title: 'DIED (UTC)' }, { title: 'EVENT' }, { title: 'REASON', paint: text => look.paint('bad', text) }],
    dead.map(({ dead_at, event, reason }) => [toTheSecond(dead_at), event, reason]),
  )
  const told = dead.flatMap((event, n) => [
    lines[n],
    ...detail(event).flatMap(text => paragraph(text, { ...look, indent: 4 })),
  ])
  return [titles, ...told, ...(more ? ['There are more: ask with a higher --limit.'] : [])].join('\n')
}

function detail(event: ListedDead): readonly string[] {
  const { service, source, order_id, id, effects_to_do, reason, last_error, tries, unsure, holds } = event
  const why = [
    `${DEAD_REASONS[reason]}${last_error === undefined ? '' : ` (${last_error})`}`,
    // what is refused for good at once has used none
    ...(tries === 0 ? [] : [`${tries} ${tries === 1 ? 'try' : 'tries'}`]),
    ...(unsure ? ['an attempt may have been executed all the same'] : []),
    ...(holds ? ['nothing of its order passes it'] : []),
  ]
  return [
    `${service}, order ${order_id} (${source}), not done: ${effects_to_do.join(', ')}; event id ${id}`,
    why.join('; '),
  ]
}
