import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { REPOSITORY, signalAsked } from '@hookline/local'
import { Argument, program } from 'commander'
import pc from 'picocolors'
import type { Bench, Outcome, Result } from './bench.ts'
import { benches, byName } from './benches/index.ts'
import { machine } from './machine.ts'
import { withResults } from './page/results.ts'
import { openProfiler, type Profiler } from './profile/profiler.ts'
import { type BenchReport, machineText, profileText, type Report, resultsOf, textOf } from './report.ts'
import { openStage } from './stage.ts'

const all = [...benches, ...byName]
const width = Math.max(...all.map(({ name }) => name.length)) + 2
const about = (one: Bench) => [
  `  ${one.name.padEnd(width)}${one.about}`,
  ...one.targets.map(
    ({ name, target }) => `  ${' '.repeat(width)}target: ${name === one.name ? '' : `${name}: `}${target}`,
  ),
]
const HELP = `
Benches, all of them where none is named:
${benches.flatMap(about).join('\n')}

Only where they are named:
${byName.flatMap(about).join('\n')}

Exit codes: 0 all targets are held (--profile: a profile was left), 1 not so, or nothing could be measured, 2 the command
is wrong, 130 interrupted.`

program
  .name('npx -y pnpm@12 bench')
  .description('Measures on real processes, with a Kafka and a MongoDB of its own. Run it where nothing else runs.')
  .addArgument(new Argument('[names...]', 'what is measured').choices(all.map(({ name }) => name)))
  .option('--json [file]', 'the report with its raw samples as JSON, into a file or instead of the tables on stdout')
  .option('--profile [dir]', 'our processes under a profiler: leaves a flame graph of each, and measures nothing')
  .option('--docs <report>', 'measures nothing: writes what a --json file has into docs/benchmarks.md')
  .addHelpText('after', HELP)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()

const { json, profile, docs } = program.opts<{ json?: true | string; profile?: true | string; docs?: string }>()
for (const [option, value] of Object.entries({ json, profile })) {
  // an optional value takes the next word
  const taken = all.find(({ name }) => name === value)
  if (taken) program.error(`error: name the bench before --${option}: bench ${taken.name} --${option}`)
}
if (json !== undefined && profile !== undefined)
  program.error('error: what is profiled is not measured: --json or --profile')
const { signal } = signalAsked()
const startedMs = performance.now()
const progress = (line: string) => console.error(pc.dim(`${seconds(startedMs)}  ${line}`))
const look = { colours: process.stdout.hasColors?.() ?? false }
try {
  const wanted = program.args.length === 0 ? benches : all.filter(({ name }) => program.args.includes(name))
  if (docs !== undefined) await document(docs)
  else if (profile !== undefined) await profiled(wanted, await openProfiler(profile))
  else await measure(wanted)
} catch (error) {
  if (!signal.aborted) console.error(error instanceof Error ? error.message : error)
  process.exitCode = signal.aborted ? 130 : 1
}

async function measure(wanted: readonly Bench[]): Promise<void> {
  const at = new Date().toISOString()
  const on = await machine()
  const targets: Result[] = []
  const reports: BenchReport[] = []
  for (const bench of wanted) {
    const beganMs = performance.now()
    const outcome = await outcomeOn(bench)
    if (json !== true) console.log(`${textOf(bench, outcome, look)}\n`)
    const { tables, samples, voids } = outcome
    targets.push(...resultsOf(outcome))
    reports.push({ name: bench.name, tookMs: performance.now() - beganMs, tables, samples, voids })
  }
  const whole: Report = { at, machine: on, targets, benches: reports }
  if (json === true) console.log(JSON.stringify(whole))
  else console.log(`${machineText(on)}; ${Math.round((performance.now() - startedMs) / 1_000)} s.`)
  if (typeof json === 'string') await writeFile(json, `${JSON.stringify(whole, null, 2)}\n`)
  const held = targets.every(({ holds }) => holds) && reports.every(({ voids }) => voids.length === 0)
  process.exitCode = held ? 0 : 1
}

/** Results are never typed by hand. */
async function document(file: string): Promise<void> {
  const report: Report = JSON.parse(await readFile(file, 'utf8'))
  const page = join(REPOSITORY, 'docs/benchmarks.md')
  const targets = benches.flatMap(bench => bench.targets)
  await writeFile(page, withResults(await readFile(page, 'utf8'), report, targets))
}

/** A profiler costs what it shows: no figure is told. */
async function profiled(wanted: readonly Bench[], profiler: Profiler): Promise<void> {
  for (const bench of wanted) {
    await outcomeOn(bench, profiler)
    const left = await profiler.draw()
    if (left.length === 0) throw new Error(`bench ${bench.name} starts no process that is ours alone`)
    for (const one of left) console.log(`${profileText(one, look)}\n`)
  }
}

/** On a stage of its own. */
async function outcomeOn(bench: Bench, profiler?: Profiler): Promise<Outcome> {
  progress(bench.name)
  const stage = await openStage({ signal, progress, mongodb: bench.mongodb, profiler })
  try {
    return await bench.run(stage)
  } finally {
    await stage.close()
  }
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1_000).toFixed(1)} s`.padStart(8)
}
