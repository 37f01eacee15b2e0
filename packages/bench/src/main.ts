import { signalAsked } from '@hookline/local'
import { Argument, program } from 'commander'
import pc from 'picocolors'
import { benches } from './benches/index.ts'
import { machine } from './machine.ts'
import { reportOf, textOf } from './report.ts'
import { openStage } from './stage.ts'

const width = Math.max(...benches.map(({ name }) => name.length)) + 2
const HELP = `
Benches:
${benches.map(({ name, about, target }) => `  ${name.padEnd(width)}${about}\n  ${' '.repeat(width)}held where ${target}`).join('\n')}

Exit codes: 0 the target is held, 1 it is not or nothing could be measured, 2 the command is wrong, 130 interrupted.`

program
  .name('npx -y pnpm@12 bench')
  .description('Measures on real processes and a Kafka of its own. Run it where nothing else runs.')
  .addArgument(new Argument('<name>', 'what is measured').choices(benches.map(({ name }) => name)))
  .option('--json', 'the report with its raw samples as one JSON document on stdout, everything else on stderr')
  .addHelpText('after', HELP)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()

const { json } = program.opts<{ json?: true }>()
const { signal } = signalAsked()
try {
  await measure(program.args[0] ?? '')
} catch (error) {
  if (!signal.aborted) console.error(error instanceof Error ? error.message : error)
  process.exitCode = signal.aborted ? 130 : 1
}

async function measure(name: string): Promise<void> {
  const bench = benches.find(one => one.name === name)
  if (bench === undefined) throw new Error(`there is no bench ${name}`)
  const startedMs = performance.now()
  const at = new Date().toISOString()
  const progress = (line: string) => console.error(pc.dim(`${seconds(startedMs)}  ${line}`))
  const around = { at, machine: await machine() }
  const stage = await openStage({ signal, progress })
  try {
    const outcome = await bench.run(stage)
    const report = reportOf(bench, outcome, { ...around, tookMs: performance.now() - startedMs })
    const colours = process.stdout.hasColors?.() ?? false
    console.log(json ? JSON.stringify(report) : textOf(report, { colours }))
    process.exitCode = report.holds ? 0 : 1
  } finally {
    await stage.close()
  }
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1_000).toFixed(1)} s`.padStart(8)
}
