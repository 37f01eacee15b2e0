import type { Look } from '../answer.ts'
import type { JudgedRequest, QuarantineVerifyDocument } from '../quarantine/verify.ts'
import { counted } from './counted.ts'
import { paragraph } from './paragraph.ts'
import { outcomeTexts } from './quarantine-outcome.ts'
import { table } from './table.ts'

/** Ids that are told of each outcome. */
const EXAMPLES = 3

export function quarantineVerifyText({ requests, releasable }: QuarantineVerifyDocument, look: Look): string {
  if (requests.length === 0) return 'Nothing of that waits in quarantine.'
  const head = `${releasable} of ${counted(requests.length, 'request')} can be released.`
  return [look.paint('title', head), '', ...outcomeLines(requests, look)].join('\n')
}

/** Of each source and outcome how many, what to do about them, and the newest ids. */
function outcomeLines(requests: readonly JudgedRequest[], look: Look): readonly string[] {
  const groups = groupsOf(requests)
  const [titles = '', ...lines] = outcomeTable(requests, look)
  const told = groups.flatMap(([first, ...rest], n) => {
    if (first === undefined) return []
    const ids = [first, ...rest].slice(0, EXAMPLES).map(one => one.request_id)
    const more = rest.length < EXAMPLES ? '' : ', …'
    const texts = [outcomeTexts(first.source, first.judged).detail, `${ids.join(', ')}${more}`]
    return [lines[n] ?? '', ...texts.flatMap(text => paragraph(text, { ...look, indent: 4 }))]
  })
  return [titles, ...told]
}

/** Of each source and outcome how many. */
export function outcomeTable(requests: readonly JudgedRequest[], look: Look): readonly string[] {
  const groups = groupsOf(requests)
  const [titles = '', ...lines] = table(
    [{ title: 'SOURCE' }, { title: 'REQUESTS', align: 'right' }, { title: 'OUTCOME' }],
    groups.map(([first, ...rest]) => [first?.source ?? '', `${rest.length + 1}`, first ? wordOf(first) : '']),
  )
  const tones = groups.map(([first]) => (first ? outcomeTexts(first.source, first.judged).tone : 'quiet'))
  return [titles, ...lines.map((line, n) => look.paint(tones[n] ?? 'quiet', line))]
}

/** By source and outcome; what can be released first, then the most. */
function groupsOf(requests: readonly JudgedRequest[]): readonly (readonly JudgedRequest[])[] {
  const groups = Map.groupBy(requests, one => `${one.source} ${wordOf(one)}`)
  return [...groups.values()].toSorted(
    (a, b) => Number(isOfReleasable(b)) - Number(isOfReleasable(a)) || b.length - a.length,
  )
}

function isOfReleasable([first]: readonly JudgedRequest[]): boolean {
  return first?.judged.kind === 'releasable'
}

function wordOf({ source, judged }: JudgedRequest): string {
  return outcomeTexts(source, judged).word
}
