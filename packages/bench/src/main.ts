import { writeFile } from 'node:fs/promises'
import { signalAsked } from '@hookline/local'
import { Argument, program } from 'commander'
import pc from 'picocolors'
import type { Bench, Result } from './bench.ts'
import { benches, byName } from './benches/index.ts'
import { machine } from './machine.ts'
import { type BenchReport, machineText, type Report, resultsOf, textOf } from './report.ts'
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

Exit codes: 0 all targets are held, 1 one is not or nothing could be measured, 2 the command is wrong, 130 interrupted.`

program
  .name('npx -y pnpm@12 bench')
  .description('Measures on real processes, with a Kafka and a MongoDB of its own. Run it where nothing else runs.')
  .addArgument(new Argument('[names...]', 'what is measured').choices(all.map(({ name }) => name)))
  .option('--json [file]', 'the report with its raw samples as JSON, into a file or instead of the tables on stdout')
  .addHelpText('after', HELP)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()

const { json } = program.opts<{ json?: true | string }>()
// an optional value takes the next word
if (all.some(({ name }) => name === json)) program.error(`error: name the bench before --json: bench ${json} --json`)
const { signal } = signalAsked()
const startedMs = performance.now()
const progress = (line: string) => console.error(pc.dim(`${seconds(startedMs)}  ${line}`))
try {
  await measure(program.args.length === 0 ? benches : all.filter(({ name }) => program.args.includes(name)))
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
    const { results, report } = await run(bench)
    targets.push(...results)
    reports.push(report)
  }
  const whole: Report = { at, machine: on, targets, benches: reports }
  if (json === true) console.log(JSON.stringify(whole))
  else console.log(`${machineText(on)}; ${Math.round((performance.now() - startedMs) / 1_000)} s.`)
  if (typeof json === 'string') await writeFile(json, `${JSON.stringify(whole, null, 2)}\n`)
  process.exitCode = targets.every(({ holds }) => holds) ? 0 : 1
}

async function run(bench: Bench) {
  const { name, mongodb } = bench
  progress(name)
  const beganMs = performance.now()
  const stage = await openStage({ signal, progress, mongodb })
  try {
    const outcome = await bench.run(stage)
    const colours = process.stdout.hasColors?.() ?? false
    if (json !== true) console.log(`${textOf(bench, outcome, { colours })}\n`)
    const { tables, voids } = outcome
    const report: BenchReport = { name, tookMs: performance.now() - beganMs, tables, voids }
    return { results: resultsOf(outcome), report }
  } finally {
    await stage.close()
  }
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1_000).toFixed(1)} s`.padStart(8)
}
