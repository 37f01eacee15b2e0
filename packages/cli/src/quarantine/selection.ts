import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { texts, timeOf } from '../selection.ts'
import { isReason, REASONS } from '../text/quarantine-reason.ts'
import type { QuarantinedRequest } from './read.ts'

/** Which requests are meant; what is absent asks nothing. */
export interface QuarantineSelection {
  readonly source?: readonly string[]
  readonly reason?: readonly string[]
  /** Of these orders, by what their bodies say. */
  readonly order?: readonly string[]
  /** Milliseconds since the epoch, by the ingress's clock. */
  readonly after?: number
  readonly before?: number
  /** Only what was released, or only what was not. */
  readonly state?: 'released' | 'open'
  /** With ids nothing else is meant. */
  readonly ids?: readonly string[]
}

/** The options that say which requests are meant; the first three may be given several times. */
export function withQuarantineSelection(command: Command): Command {
  const time = (text: string) => timeOf(text, Date.now())
  return command
    .option('--source <name>', 'of this source', texts)
    .option('--reason <reason>', `there for this reason: ${Object.keys(REASONS).join(', ')}`, reasons)
    .option('--order <id>', "about this order, by the sender's id", texts)
    .option('--after <time>', 'received then or later: UTC as 2026-01-31T10:00:00Z, or ago as 30m, 12h, 2d', time)
    .option('--before <time>', 'received earlier', time)
}

export function isMeant(selection: QuarantineSelection, request: QuarantinedRequest): boolean {
  const { source, reason, order, after = -Infinity, before = Infinity, state, ids } = selection
  const receivedAt = Date.parse(request.received_at)
  return (
    (ids?.includes(request.request_id) ?? true) &&
    (source?.includes(request.source) ?? true) &&
    (reason?.includes(request.reason) ?? true) &&
    (order === undefined || (request.order_id !== null && order.includes(request.order_id))) &&
    receivedAt >= after &&
    receivedAt < before &&
    (state === undefined || state === (request.released === null ? 'open' : 'released'))
  )
}

/** For what changes something: what was released is meant only by its id. */
export function openOnly(selection: QuarantineSelection): QuarantineSelection {
  return selection.ids === undefined ? { ...selection, state: 'open' } : selection
}

function reasons(text: string, earlier: readonly string[] = []): readonly string[] {
  if (isReason(text)) return [...earlier, text]
  throw new InvalidArgumentError(`It must be one of ${Object.keys(REASONS).join(', ')}.`)
}
