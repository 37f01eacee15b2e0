import type { Look } from '../answer.ts'
import type { Change, ChangesDocument } from '../topic-changes.ts'
import { table } from './table.ts'

interface Words {
  /** Of the first column, such as `DID`. */
  readonly title: string
  /** Of each step, such as `created`. */
  readonly steps: Readonly<Record<Change['step'], string>>
  /** After the number of steps, such as `done`. */
  readonly sum: string
}

/** Which file on which brokers, a line for each step, and how many. */
export function changesText(
  document: ChangesDocument & { readonly possible: readonly Change[] },
  { title, steps, sum }: Words,
  look: Look,
): string {
  const { possible, refused, topics } = document
  const head = topicsTitle(document)
  const all = [...possible, ...refused]
  if (all.length === 0) return `${head}\nNothing to do: all ${topics} are as they should be.`
  const lines = table(
    [{ title }, { title: 'TOPIC' }, { title: 'WHAT' }],
    all.map(({ step, topic, detail }) => [steps[step], topic, detail]),
  )
  const refusals = refused.length === 0 ? '' : look.paint('bad', `, ${refused.length} refused`)
  return [head, ...lines, `${possible.length} ${sum}${refusals}.`].join('\n')
}

export function topicsTitle({ file, profile, brokers }: Pick<ChangesDocument, 'file' | 'profile' | 'brokers'>): string {
  return `Topics of ${file}${profile === null ? '' : `, profile ${profile}`}, on ${brokers.join(', ')}`
}
