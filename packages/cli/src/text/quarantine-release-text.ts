import type { Look } from '../answer.ts'
import type { QuarantineReleaseDocument } from '../quarantine/release.ts'
import type { ReleaseProgress } from '../quarantine/release-chosen.ts'
import { counted } from './counted.ts'
import { paragraph } from './paragraph.ts'

/** One line, such as `120 of 480 requests`. */
export function releaseProgressText({ done, of }: ReleaseProgress): string {
  return `${done} of ${counted(of, 'request')}`
}

/** Those that failed are told one by one, up to so many. */
const EXAMPLES = 20

/** How many went where, and what did not. */
export function quarantineReleaseText(document: QuarantineReleaseDocument, look: Look): string {
  const { requests, released, not_releasable, left, interrupted } = document
  const topics = Map.groupBy(
    requests.flatMap(one => (one.released ? [one.topic] : [])),
    topic => topic,
  )
  const unmarked = requests.filter(one => one.released && !one.marked).map(one => one.request_id)
  const failed = requests.flatMap(one => (one.released ? [] : [`${one.request_id}: ${one.why}`]))
  const notes = [
    ...(not_releasable > 0
      ? [`${not_releasable} cannot be released and stay: \`hookline quarantine verify\` says why.`]
      : []),
    ...(left > 0 && !interrupted ? [`${left} more can be released: run it again.`] : []),
    ...(unmarked.length > 0
      ? [`Released, but still shown as open, because Kafka did not take the mark: ${unmarked.join(', ')}.`]
      : []),
    ...(released > 0 ? ['What a service did about one: `hookline order <order id>`.'] : []),
  ]
  return [
    released === 0 ? 'Nothing was released.' : look.paint('good', `${counted(released, 'request')} released.`),
    ...[...topics].map(([topic, { length }]) => `  ${length} to ${topic}`),
    ...failed.slice(0, EXAMPLES).map(line => `  ${look.paint('bad', line)}`),
    ...(failed.length > EXAMPLES ? [`  and ${failed.length - EXAMPLES} more: --json has them all`] : []),
    ...notes.flatMap(note => paragraph(note, { ...look, indent: 0 })),
  ].join('\n')
}
