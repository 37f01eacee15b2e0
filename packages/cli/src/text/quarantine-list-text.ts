import type { Look } from '../answer.ts'
import type { QuarantineListDocument, QuarantineSum } from '../quarantine/list.ts'
import type { QuarantinedRequest } from '../quarantine/read.ts'
import { counted } from './counted.ts'
import { paragraph } from './paragraph.ts'
import { reasonText } from './quarantine-reason.ts'
import { size } from './size.ts'
import { table } from './table.ts'
import { toTheSecond } from './time.ts'

/** How much of what, then the newest, then what to do next. */
export function quarantineListText(document: QuarantineListDocument, look: Look): string {
  const { sums, requests, more, unreadable } = document
  const strange =
    unreadable === 0 ? [] : [`${counted(unreadable, 'record')} of another form: no version of ours wrote it.`]
  if (requests.length === 0) return ['Nothing of that is in quarantine.', ...strange].join('\n')
  const sections = [
    sumLines(sums, look),
    requestLines(requests, look),
    [...next(sums, more), ...strange].flatMap(text => paragraph(text, { ...look, indent: 0 })),
  ]
  return sections.map(lines => lines.join('\n')).join('\n\n')
}

function sumLines(sums: readonly QuarantineSum[], look: Look): readonly string[] {
  const [titles, ...lines] = table(
    [
      { title: 'SOURCE' },
      { title: 'REASON', paint: text => look.paint('bad', text) },
      { title: 'REQUESTS', align: 'right' },
      { title: 'RELEASED', align: 'right' },
      { title: 'SIZE', align: 'right' },
      { title: 'NEWEST (UTC)' },
    ],
    sums.map(one => [
      one.source,
      one.reason,
      `${one.requests}`,
      `${one.released}`,
      size(one.body_bytes),
      toTheSecond(one.newest),
    ]),
  )
  const told = sums.flatMap(({ reason }, n) => [
    lines[n] ?? '',
    ...paragraph(reasonText(reason), { ...look, indent: 4 }),
  ])
  return [titles ?? '', ...told]
}

function requestLines(requests: readonly QuarantinedRequest[], look: Look): readonly string[] {
  const [titles, ...lines] = table(
    [
      { title: 'RECEIVED (UTC)' },
      { title: 'SOURCE' },
      { title: 'REASON' },
      { title: 'SIZE', align: 'right' },
      { title: 'IS' },
    ],
    requests.map(one => [
      toTheSecond(one.received_at),
      one.source,
      one.reason,
      size(one.body_bytes),
      one.released === null ? 'open' : `released ${toTheSecond(one.released.at)}`,
    ]),
  )
  const told = requests.flatMap((one, n) => [
    one.released === null ? (lines[n] ?? '') : look.paint('quiet', lines[n] ?? ''),
    ...paragraph(`${one.request_id}  ${aboutText(one)}`, { ...look, indent: 4 }),
  ])
  return [titles ?? '', ...told]
}

/** What a request is about; of one that was not verified only what it says. */
export function aboutText({ event, order_id, verified }: QuarantinedRequest): string {
  if (event === null) return verified ? 'no event can be read' : 'not verified, no event can be read'
  const about = order_id === null ? event : `${event} of order ${order_id}`
  return verified ? about : `not verified, says: ${about}`
}

function next(sums: readonly QuarantineSum[], more: boolean): readonly string[] {
  const open = sums.reduce((sum, one) => sum + one.requests - one.released, 0)
  return [
    ...(more ? ['There are more: --limit, or --source, --reason, --order, --after, --open.'] : []),
    ...(open > 0 ? ['What of it could be released now: `hookline quarantine verify`.'] : []),
    'All of one: `hookline quarantine show <id>`.',
  ]
}
