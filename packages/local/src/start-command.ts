import { relative, resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import pc from 'picocolors'
import { firstCurls } from './first-curls.ts'
import { consumerServices } from './service-definitions.ts'
import { signalAsked } from './signal-asked.ts'
import type { StackOptions } from './stack.ts'
import { type StackInfo, stackFile } from './stack-file.ts'

interface StartFlags {
  fresh?: boolean
  portBase?: number
  consumers?: readonly string[]
  replicas?: Readonly<Record<string, number>>
  verbose?: boolean
  dir?: string
}

export function startCommand(program: Command): void {
  program
    .command('start')
    .description(
      'Run the whole stack in the foreground until Ctrl-C or SIGTERM. Data stays in .hookline/ between runs.',
    )
    .option('--fresh', 'begin with empty data')
    .option('--port-base <n>', 'use consecutive ports from here', wholeNumber(1_024, 65_000))
    .option(
      '--consumers <names>',
      `start only these, separated by commas: ${consumerServices().join(', ')}`,
      consumerNames,
    )
    .option('--replicas <service=n>', 'start more processes of a service; may be given again', replicaCounts)
    .addOption(new Option('--no-archive', 'start no archive'))
    .option('--verbose', 'show what the processes write')
    .option('--dir <path>', "keep everything there instead of in the checkout's .hookline", path => resolve(path))
    .action(start)
}

async function start(flags: StartFlags): Promise<void> {
  const asked = signalAsked()
  const began = performance.now()
  const options: StackOptions = { ...flags, signal: asked.signal, onProgress: line => console.log(pc.dim(line)) }
  try {
    const { startStack } = await import('./stack.ts') // the options' help must not wait for all of it
    const stack = await startStack(options)
    const seconds = ((performance.now() - began) / 1_000).toFixed(1)
    console.log(readyText(stack.info, relative(process.cwd(), stackFile(stack.dir)), seconds))
    await asked.once
    console.log('Closing.')
    await stack.close()
  } catch (error) {
    if (!asked.signal.aborted) throw error
    process.exitCode = 130
  }
}

function readyText(info: StackInfo, file: string, seconds: string): string {
  const { erp, wms, mail, ...targets } = info.sandbox
  const rows = {
    ingress: info.ingress,
    ERP: `${erp}/ledger`,
    WMS: `${wms}/ledger`,
    mail: `${mail}/ledger`,
    ...Object.fromEntries(Object.entries(targets).map(([name, url]) => [name, `${url}/ledger`])),
    Kafka: info.kafka,
    MongoDB: info.mongodb,
    'all of it': file,
  }
  const width = 1 + Math.max(...Object.keys(rows).map(what => what.length))
  const table = Object.entries(rows)
    .map(([what, where]) => `  ${what.padEnd(width)}${where}`)
    .join('\n')
  return `${pc.bold(pc.green(`Ready after ${seconds} s.`))}\n${table}\n\nTry:\n\n${firstCurls(info, file)}\n\nCtrl-C ends it.`
}

function wholeNumber(lowest: number, highest: number) {
  return (text: string): number => {
    const n = Number(text)
    if (Number.isInteger(n) && n >= lowest && n <= highest) return n
    throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`)
  }
}

function consumerNames(text: string): readonly string[] {
  const there = consumerServices()
  const names = text.split(',').map(name => name.trim())
  const unknown = names.find(name => !there.includes(name))
  if (unknown === undefined) return names
  throw new InvalidArgumentError(`There is no consumer "${unknown}" in services/.`)
}

function replicaCounts(text: string, before: Readonly<Record<string, number>> = {}) {
  const [name = '', count = ''] = text.split('=')
  const [service] = consumerNames(name)
  return service === undefined ? before : { ...before, [service]: wholeNumber(1, 20)(count) }
}
