import type { Look } from '../answer.ts'
import type { DeadLetter, DeadLettersDocument } from '../commands/dead-letters.ts'
import { counted } from './counted.ts'
import { paragraph } from './paragraph.ts'
import { table } from './table.ts'
import { toTheSecond } from './time.ts'

/** Of each service its newest letters, each with why and where it was found. */
export function lettersText({ services }: DeadLettersDocument, look: Look): string {
  const sections = Object.values(services).map(({ topic, total, letters }) => {
    const more = letters.length < total ? `, the newest ${letters.length}` : ''
    const title = `${look.paint('title', topic)}: ${counted(total, 'record')}${more}`
    return [title, ...letterLines(letters, look)].join('\n')
  })
  return sections.join('\n\n')
}

function letterLines(letters: readonly DeadLetter[], look: Look): readonly string[] {
  if (letters.length === 0) return []
  const [titles, ...lines] = table(
    [{ title: 'PUT THERE (UTC)' }, { title: 'AT' }, { title: 'REASON', paint: text => look.paint('bad', text) }],
    letters.map(({ at, partition, offset, reason }) => [toTheSecond(at), `${partition}/${offset}`, reason]),
  )
  const told = letters.flatMap((letter, n) => [`  ${lines[n]}`, ...paragraph(detail(letter), { ...look, indent: 6 })])
  return [`  ${titles}`, ...told]
}

function detail({ message, source, bytes }: DeadLetter): string {
  return `${message === '' ? '' : `${message}; `}from ${source.topic} ${source.partition}/${source.offset}, ${bytes} bytes`
}
