import { resolve } from 'node:path'
import { InvalidArgumentError, program } from 'commander'
import pc from 'picocolors'
import { CHECK_NAMES, CHECKS, type CheckName } from './checks/check-names.ts'
import type { ConformOptions } from './conform.ts'
import type { Elsewhere } from './declared.ts'
import { UsageError } from './usage-error.ts'

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

try {
  const { only, json, verbose = false, ...where } = program.opts<Flags>()
  await check(serviceOf(program.args[0], where), { ...(only && { only }), verbose }, json === true)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

async function check(service: string | Elsewhere, options: ConformOptions, json: boolean): Promise<void> {
  // what is wrong with the command must not wait for all of it
  const [{ signalAsked }, { conform }, { tableOf }] = await Promise.all([
    import('@hookline/local'),
    import('./conform.ts'),
    import('./table.ts'),
  ])
  const { signal } = signalAsked()
  const startedMs = performance.now()
  const onProgress = (line: string) => console.error(pc.dim(`${secondsSince(startedMs)}  ${line}`))
  try {
    const outcome = await conform(service, { ...options, signal, onProgress })
    const colours = process.stdout.hasColors?.() ?? false
    console.log(json ? JSON.stringify(outcome, null, 2) : tableOf(outcome, { colours }))
    process.exitCode = outcome.conforms ? 0 : 1
  } catch (error) {
    if (!signal.aborted) throw error
    process.exitCode = 130
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
