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
export function outcomeLines(requests: readonly JudgedRequest[], look: Look): readonly string[] {
  const groups = [...Map.groupBy(requests, one => `${one.source} ${wordOf(one)}`).values()].toSorted(
    (a, b) => Number(isOfReleasable(b)) - Number(isOfReleasable(a)) || b.length - a.length,
  )
  const [titles, ...lines] = table(
    [{ title: 'SOURCE' }, { title: 'REQUESTS', align: 'right' }, { title: 'OUTCOME' }],
    groups.map(([first, ...rest]) => [first?.source ?? '', `${rest.length + 1}`, first ? wordOf(first) : '']),
  )
  const told = groups.flatMap((group, n) => {
    const [first] = group
    if (first === undefined) return []
    const { tone, detail } = outcomeTexts(first.source, first.judged)
    const ids = group.slice(0, EXAMPLES).map(one => one.request_id)
    const more = group.length > EXAMPLES ? ', …' : ''
    const texts = [detail, `${ids.join(', ')}${more}`]
    return [look.paint(tone, lines[n] ?? ''), ...texts.flatMap(text => paragraph(text, { ...look, indent: 4 }))]
  })
  return [titles ?? '', ...told]
}

function isOfReleasable([first]: readonly JudgedRequest[]): boolean {
  return first?.judged.kind === 'releasable'
}

function wordOf({ source, judged }: JudgedRequest): string {
  return outcomeTexts(source, judged).word
}
