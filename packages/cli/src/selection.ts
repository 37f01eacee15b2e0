import { DEAD_REASONS, type DeadReason } from '@hookline/delivery'
import type { DeadSelection } from '@hookline/inbox'
import { type Command, InvalidArgumentError } from 'commander'

/** What commander gives for the options of a selection. */
export interface SelectionOptions {
  reason?: readonly DeadReason[]
  event?: readonly string[]
  source?: readonly string[]
  order?: readonly string[]
  deadAfter?: number
  deadBefore?: number
}

/** The options that say which dead events are meant; each may be given several times. */
export function withSelection(command: Command): Command {
  const time = (text: string) => timeOf(text, Date.now())
  return command
    .option('--reason <reason>', `died for this reason: ${DEAD_REASONS.join(', ')}`, reasons)
    .option('--event <name>', 'of this event', texts)
    .option('--source <name>', 'of this source', texts)
    .option('--order <id>', "of this order, by the sender's id", texts)
    .option('--dead-after <time>', 'died then or later: UTC as 2026-01-31T10:00:00Z, or ago as 30m, 12h, 2d', time)
    .option('--dead-before <time>', 'died earlier', time)
}

export function selectionOf(options: SelectionOptions, ids: readonly string[] = []): DeadSelection {
  const { reason, event, source, order, deadAfter, deadBefore } = options
  return {
    ...(reason && { reasons: reason }),
    ...(event && { events: event }),
    ...(source && { sources: source }),
    ...(order && { orders: order }),
    ...(ids.length > 0 && { ids }),
    ...(deadAfter !== undefined && { deadAfter }),
    ...(deadBefore !== undefined && { deadBefore }),
  }
}

/** Of the units that a time is given in: minutes, hours, days. */
export const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds since the epoch; `now` too. */
export function timeOf(text: string, now: number): number {
  const ago = /^(\d{1,6})([mhd])$/.exec(text)
  const unitMs = UNIT_MS[ago?.[2] ?? '']
  if (unitMs !== undefined) return now - Number(ago?.[1]) * unitMs
  // a time without its zone would be that of this machine
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  const time = isTime ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw new InvalidArgumentError('It must be as 2026-01-31T10:00:00Z (or 2026-01-31), or ago: 30m, 12h, 2d.')
}

/** Of an option that may be given several times. */
export function texts(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text]
}

function reasons(text: string, earlier: readonly DeadReason[] = []): readonly DeadReason[] {
  const reason = DEAD_REASONS.find(one => one === text)
  if (reason) return [...earlier, reason]
  throw new InvalidArgumentError(`It must be one of ${DEAD_REASONS.join(', ')}.`)
}
