import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer } from '../answer.ts'
import type { Config } from '../config.ts'
import { Failure } from '../failure.ts'
import { interruption } from '../interruption.ts'
import { CHANGED, checkoutOf } from '../new-consumer/checkout.ts'
import { withReference, withTopic, withVariables } from '../new-consumer/changes.ts'
import { nameProblem } from '../new-consumer/name-problem.ts'
import { withPermissions } from '../new-consumer/permissions.ts'
import { runStep } from '../new-consumer/run-step.ts'
import { readTemplate, renamed } from '../new-consumer/template.ts'
import { undoable } from '../new-consumer/undoable.ts'
import { type NewConsumerDocument, newConsumerText } from '../text/new-consumer-text.ts'

const LOCKFILE = 'pnpm-lock.yaml'
const CONTRACT = 'docs/asyncapi.yaml'
const INSTALL = ['-y', 'pnpm@12', 'install', '--no-frozen-lockfile', '--prefer-offline']
const WRITE_CONTRACT = ['--conditions=source', 'packages/local/src/contracts/main.ts', '--write']

const CHANGE: Readonly<Record<(typeof CHANGED)[number], (text: string, name: string) => string>> = {
  'infra/topics.yaml': withTopic,
  'infra/acls.yaml': withPermissions,
  '.env.example': withVariables,
  'tsconfig.json': withReference,
  'tsconfig.tests.json': withReference,
}

export interface NewConsumerOptions {
  /** Otherwise the lockfile and the contract's document are left for later. */
  readonly install: boolean
  readonly say?: (line: string) => void
  readonly signal?: AbortSignal
}

/**
 * Writes a working service, and what the repository keeps of each service beside it. Throws a `Failure` where that cannot
 * be; nothing of it is left then.
 */
export async function newConsumer(config: Config, name: string, options: NewConsumerOptions): Promise<Answer> {
  const { install, say = onStderr, signal = interruption() } = options
  const root = checkoutOf(config.cwd)
  const template = readTemplate(root)
  const problem = nameProblem(name, { root, template })
  if (problem !== undefined) throw new Failure('usage', `No consumer can be named ${JSON.stringify(name)}: ${problem}.`)

  const folder = `services/${name}`
  const changed = CHANGED.filter(path => existsSync(join(root, path)))
  const files = renamed(template, name)
  const changes = undoable(root)
  try {
    say(`Writing ${folder} and what tells of it: ${changed.join(', ')}`)
    changes.folder(folder)
    for (const { path, text } of files) changes.write(`${folder}/${path}`, text)
    for (const path of changed) changes.write(path, CHANGE[path](readFileSync(join(root, path), 'utf8'), name))
    if (install) {
      changes.remember(LOCKFILE)
      changes.remember(CONTRACT)
      say(`Installing: ${LOCKFILE}`)
      await runStep({ command: 'npx', args: INSTALL, cwd: root, signal })
      say(`Telling the other teams who handles what: ${CONTRACT}`)
      await runStep({ command: process.execPath, args: WRITE_CONTRACT, cwd: root, signal })
    }
    signal.throwIfAborted()
  } catch (error) {
    changes.undo()
    if (signal.aborted) throw new Failure('no', 'Interrupted: nothing was changed.', { cause: error })
    if (!(error instanceof Failure)) throw error
    throw new Failure(error.ending, `${error.message}\nNothing was changed.`, { cause: error })
  }
  const document: NewConsumerDocument = {
    name,
    folder,
    written: files.map(({ path }) => `${folder}/${path}`),
    changed: install ? [...changed, LOCKFILE, CONTRACT] : changed,
    installed: install,
  }
  return { document, text: look => newConsumerText(document, look) }
}

function onStderr(line: string): void {
  process.stderr.write(`${line}\n`)
}
