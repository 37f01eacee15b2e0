import { resolve } from 'node:path'
import { signalAsked } from '@hookline/local'
import { InvalidArgumentError, program } from 'commander'
import pc from 'picocolors'
import { CHECK_NAMES, CHECKS, type CheckName } from './checks/check-names.ts'
import { conform, type ConformOptions } from './conform.ts'
import { type Elsewhere, UsageError } from './declared.ts'
import { tableOf } from './table.ts'

interface Flags {
  readonly program?: string
  readonly declaration?: string
  readonly only?: readonly CheckName[]
  readonly json?: true
  readonly verbose?: true
}

const width = Math.max(...CHECK_NAMES.map(name => name.length)) + 2
const HELP = `
Checks:
${CHECK_NAMES.map(name => `  ${name.padEnd(width)}${CHECKS[name].guarantee}`).join('\n')}

Exit codes: 0 nothing failed, 1 something did or the service does not run, 2 the command is wrong, 130 interrupted.`

program
  .name('npx -y pnpm@12 conformance')
  .description('Whether a consumer service keeps the guarantees, on a real Kafka and MongoDB that are started for it.')
  .argument('[service]', 'a folder of services/')
  .option('--program <file>', 'the program of a service that stands elsewhere; with --declaration')
  .option('--declaration <file>', 'the module that exports what defineConsumer returned')
  .option('--only <check>', 'only this check; may be given again', checkNames)
  .option('--json', 'the result as one JSON document on stdout, everything else on stderr')
  .option('--verbose', 'show what the processes write')
  .addHelpText('after', HELP)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()

const asked = signalAsked()
const startedMs = performance.now()
try {
  const { only, json, verbose = false, ...where } = program.opts<Flags>()
  const service = serviceOf(program.args[0], where)
  const options: ConformOptions = {
    ...(only && { only }),
    verbose,
    signal: asked.signal,
    onProgress: line => console.error(pc.dim(`${secondsSince(startedMs)}  ${line}`)),
  }
  const outcome = await conform(service, options)
  console.log(
    json ? JSON.stringify(outcome, null, 2) : tableOf(outcome, { colours: process.stdout.hasColors?.() ?? false }),
  )
  process.exitCode = outcome.conforms ? 0 : 1
} catch (error) {
  if (asked.signal.aborted) process.exitCode = 130
  else {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}

function secondsSince(ms: number): string {
  return `${((performance.now() - ms) / 1_000).toFixed(1)} s`.padStart(7)
}

function serviceOf(name: string | undefined, { program: file, declaration }: Flags): string | Elsewhere {
  if (file !== undefined && declaration !== undefined && name === undefined) {
    return { program: resolve(file), declaration: resolve(declaration) }
  }
  if (name !== undefined && file === undefined && declaration === undefined) return name
  throw new UsageError('name a service of services/, or both --program and --declaration')
}

function checkNames(text: string, before: readonly CheckName[] = []): readonly CheckName[] {
  const found = CHECK_NAMES.find(name => name === text)
  if (found === undefined) throw new InvalidArgumentError(`There are ${CHECK_NAMES.join(', ')}.`)
  return [...before, found]
}
