import type { Look } from '../answer.ts'
import type { QuarantineShowDocument } from '../quarantine/show.ts'
import { clean } from './clean.ts'
import { paragraph } from './paragraph.ts'
import { aboutText } from './quarantine-list-text.ts'
import { outcomeTexts } from './quarantine-outcome.ts'
import { reasonText } from './quarantine-reason.ts'
import { when } from './time.ts'

const AGAIN = 'Once more would be a duplicate, which the services drop.'

export function quarantineShowText(request: QuarantineShowDocument, look: Look): string {
  const { now, source, reason, secret_id, body_bytes, kept_bytes, released, judged } = request
  const { word, detail } = outcomeTexts(source, judged)
  const isWhole = kept_bytes === body_bytes
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['received', when(request.received_at, now)],
    ['reason', `${reason}: ${reasonText(reason)}`],
    ['about', aboutText(request)],
    ['secret', secret_id ?? undefined],
    ['body', `${body_bytes} bytes${isWhole ? '' : `, of which the first ${kept_bytes} are kept`}: --body shows them`],
    ['released', released ? `${when(released.at, now)} to ${released.topic}, order ${released.order_id}` : undefined],
    ['now', `${word}. ${released && judged.kind === 'releasable' ? AGAIN : detail}`],
  ]
  const lines = facts.flatMap(([name, value]) => {
    if (value === undefined) return []
    const [first = '', ...rest] = paragraph(value, { ...look, indent: 14 })
    return [`  ${name.padEnd(12)}${first.trimStart()}`, ...rest]
  })
  const headers = Object.entries(request.request_headers).map(([name, value]) => `  ${clean(name)}: ${clean(value)}`)
  const title = `${look.paint('title', request.request_id)} of ${source}`
  return [title, ...lines, '', 'Its headers, as far as they are kept:', ...headers].join('\n')
}
