import { randomInt } from 'node:crypto'
import pc from 'picocolors'
import type { DemoFlags } from '../demo-command.ts'
import { signalAsked } from '../signal-asked.ts'
import { type Stack, startStack } from '../stack.ts'
import type { StackInfo } from '../stack-file.ts'
import type { Judgement } from './judge.ts'
import { CONSUMERS } from './judged.ts'
import { plainProgress, type Progress } from './progress.ts'
import { runDemo } from './run.ts'
import { screenProgress } from './screen.ts'
import { tableOf } from './table.ts'
import { type Verdict, verdictOf, verdictText } from './verdict.ts'

const INTERRUPTED = 130
/** On a busy machine an answer may be late; a time-out would look like a trouble that nobody made. */
const PATIENCE = { REQUEST_TIMEOUT_MS: '10000' }

/** Resolves with the exit code. Rejects where the demo could not be brought to an end. */
export async function startDemo(flags: DemoFlags): Promise<number> {
  const asked = signalAsked()
  const seed = flags.seed ?? randomInt(1_000_000)
  const out = flags.json ? process.stderr : process.stdout
  const progress = progressOn(out, `Hookline demo: ${flags.orders} orders of two senders, seed ${seed}`)
  let stack: Stack | undefined
  try {
    const onProgress = (line: string) => progress.note(line)
    stack = await startStack({ ephemeral: true, consumers: CONSUMERS, signal: asked.signal, env: PATIENCE, onProgress })
    progress.note('the stack is up')
    const { orders, sabotage } = flags
    const judgement = await runDemo({ orders, seed, sabotage, stack, progress, signal: asked.signal })
    progress.close()
    const verdict = verdictOf(judgement.findings)
    report({ flags, seed, judgement, verdict, info: stack.info, out })
    if (flags.keep) await keep(stack, asked.once, out)
    return verdict.right ? 0 : 1
  } catch (error) {
    progress.close()
    if (!asked.signal.aborted) throw error
    return INTERRUPTED
  } finally {
    await stack?.close()
  }
}

function progressOn(out: NodeJS.WriteStream, title: string): Progress {
  if (out.isTTY) return screenProgress(out, title)
  out.write(`${title}\n`)
  return plainProgress(line => out.write(`${line}\n`))
}

interface Report {
  readonly flags: DemoFlags
  readonly seed: number
  readonly judgement: Judgement
  readonly verdict: Verdict
  readonly info: StackInfo
  readonly out: NodeJS.WriteStream
}

function report({ flags, seed, judgement: { figures, findings }, verdict, info, out }: Report): void {
  const colour = verdict.right ? pc.green : pc.red
  const lookAt = (orderId: string) => `npx -y pnpm@12 hookline order ${orderId}`
  out.write(
    `\n${tableOf(figures, { colours: out.isTTY })}\n\n${verdictText(verdict, lookAt).replace(/^.*/, line => colour(line))}\n`,
  )
  if (flags.keep) out.write(`\nBefore hookline: export MONGODB_URI='${info.mongodb}' KAFKA_BROKERS='${info.kafka}'\n`)
  else out.write(`\nThe same again, and the stack stays up: ${commandOf(flags, seed)} --keep\n`)
  if (flags.json) {
    const { right, wrong } = verdict
    process.stdout.write(`${JSON.stringify({ seed, right, wrong, figures, findings: findings.map(plain) }, null, 2)}\n`)
  }
}

function commandOf({ orders, sabotage }: DemoFlags, seed: number): string {
  const how = sabotage === undefined ? '' : ` --sabotage ${sabotage}`
  return `npx -y pnpm@12 demo --orders ${orders} --seed ${seed}${how}`
}

function plain({ order, ...finding }: Judgement['findings'][number]): object {
  return { ...finding, order_id: order.id }
}

async function keep({ info }: Stack, until: Promise<void>, out: NodeJS.WriteStream): Promise<void> {
  const { erp, wms, mail } = info.sandbox
  const rows = { ingress: info.ingress, ERP: erp, WMS: wms, mail, Kafka: info.kafka, MongoDB: info.mongodb }
  const lines = Object.entries(rows).map(([what, where]) => `  ${what.padEnd(10)}${where}`)
  out.write(`\nThe stack stays up:\n${lines.join('\n')}\n\nCtrl-C ends it.\n`)
  await until
}
