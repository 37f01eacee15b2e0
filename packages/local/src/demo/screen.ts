import { createLogUpdate } from 'log-update'
import pc from 'picocolors'
import { type Progress, type ServiceGauges, type Snapshot, stopwatch } from './progress.ts'

const BAR_CELLS = 32
const SHOWN_NOTES = 8

/** One screen, updated in place; what happened stays on it, the newest last. */
export function screenProgress(stream: NodeJS.WriteStream, title: string): Progress {
  const update = createLogUpdate(stream)
  const seconds = stopwatch()
  const notes: string[] = []
  let snapshot: Snapshot | undefined
  let closed = false

  function draw(): void {
    if (closed) return
    const lines = [
      '',
      pc.bold(title),
      '',
      ...(snapshot ? figures(snapshot, seconds()) : []),
      ...notes.slice(-SHOWN_NOTES),
    ]
    update(lines.join('\n'))
  }

  return {
    note(text) {
      const line = `${pc.dim(seconds())}  ${text}`
      if (closed) stream.write(`${line}\n`)
      notes.push(line)
      draw()
    },
    show(next) {
      snapshot = next
      draw()
    },
    close() {
      closed = true
      update.done()
    },
  }
}

function figures(snapshot: Snapshot, elapsed: string): string[] {
  const { deliveries, requests, acked, refused, perSecond, services, now } = snapshot
  const share = deliveries.all === 0 ? 0 : deliveries.done / deliveries.all
  const filled = Math.round(share * BAR_CELLS)
  const bar = pc.green('█'.repeat(filled)) + pc.dim('░'.repeat(BAR_CELLS - filled))
  return [
    `  ${bar}  ${deliveries.done} of ${deliveries.all} deliveries  ${pc.dim(elapsed.trim())}`,
    `  requests ${requests}   acked ${pc.green(`${acked}`)}   refused ${pc.yellow(`${refused}`)}   ${Math.round(perSecond)}/s`,
    '',
    pc.dim(`  ${'service'.padEnd(12)}${['pid', 'lag', 'open', 'target saw'].map(head => head.padStart(11)).join('')}`),
    ...services.map(serviceLine),
    '',
    `  ${pc.cyan('now')}  ${pc.bold(now)}`,
    '',
  ]
}

function serviceLine({ name, pid, lag, open, seen }: ServiceGauges): string {
  const cells = [`${pid}`, `${lag ?? '?'}`, `${open ?? '?'}`, `${seen}`]
  return `  ${name.padEnd(12)}${cells.map(cell => cell.padStart(11)).join('')}`
}
