import { program } from 'commander'
import { REPOSITORY } from '../repository.ts'
import { type Asked, contracts } from './contracts.ts'
import { forSenders } from './for-senders.ts'
import { DOCUMENT, generated } from './generated.ts'

const HELP = `
What senders are told (docs/openapi.yaml, and the table in docs/for-senders.md) is only held against the code.
Without --base the contract is compared with HEAD's document, or where that is the same, with the one before its last change.
Exit codes: 0 nothing breaks; 1 a reader would break, or the file is not written; 2 the command or the clone is wrong.`

program
  .name('npx -y pnpm@12 contracts')
  .description(`Whether ${DOCUMENT} is what the code says, and whether a change of it would break a reader.`)
  .option('--base <ref>', 'compare with the document where the history of this ref and HEAD part')
  .option('--write', `write ${DOCUMENT}, unless the change would break a reader; and what senders are told`)
  .option('--json', 'print the result as JSON')
  .addHelpText('after', HELP)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()

const { json, ...asked } = program.opts<Asked & { json?: true }>()
try {
  const teams = await contracts(REPOSITORY, await generated(), asked)
  const senders = await forSenders(REPOSITORY, asked)
  const document = { ...teams.document, for_senders: senders.document }
  console.log(json ? JSON.stringify(document, null, 2) : [...teams.lines, ...senders.lines].join('\n'))
  process.exitCode = teams.good && senders.good ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
