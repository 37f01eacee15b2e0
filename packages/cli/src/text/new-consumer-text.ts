import type { Look } from '../answer.ts'
import { paragraph } from './paragraph.ts'
import { table } from './table.ts'

/** What `--json` prints: paths from the checkout's root. */
export interface NewConsumerDocument {
  readonly name: string
  readonly folder: string
  readonly written: readonly string[]
  readonly changed: readonly string[]
  /** Whether the lockfile and the contract's document are as they must be. */
  readonly installed: boolean
}

const RUN = 'npx -y pnpm@12'

/** What was written and where to go on. */
export function newConsumerText({ name, folder, changed, installed }: NewConsumerDocument, look: Look): string {
  const places = [
    [`${folder}/src/${name}.ts`, 'its name, its targets, its effects'],
    [`${folder}/src/effects/`, 'one file for each effect; there is one'],
    [`${folder}/test/`, 'its test'],
  ]
  const later = [
    [`${RUN} install`, 'the lockfile'],
    [`${RUN} contracts --write`, 'who handles what: docs/asyncapi.yaml'],
  ]
  const next = [
    ...(installed ? [] : later),
    [`${RUN} --filter '*${name}' test`, 'its own test, in seconds'],
    [`${RUN} conformance ${name}`, 'whether it keeps the guarantees'],
    [`${RUN} start`, 'with the others, its target stood in for'],
  ]
  return [
    look.paint('title', `${folder} is written.`),
    ...aligned(places),
    '',
    ...paragraph(`Changed with it: ${changed.join(', ')}`, { width: look.width, indent: 0 }),
    '',
    look.paint('title', 'Next:'),
    ...aligned(next),
    '',
    'docs/write-a-consumer.md goes on from here.',
  ].join('\n')
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  return table([{ title: '' }, { title: '' }], rows)
    .filter(line => line !== '')
    .map(line => `  ${line}`)
}
