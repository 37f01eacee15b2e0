import Table from 'cli-table3'
import type { Figures, Share, TargetFigures } from './figures.ts'

const REPEATED_MAILS =
  'mails arrived twice, with the same Message-ID: a mail server drops no duplicates, and a consumer that is killed\n' +
  'between its acceptance and the mark in the inbox cannot know.'

type Row = readonly [what: string, sender: string, erp: string, wms: string, mail: string]

/** The one table at the end: what the sender did, and what the targets saw of it. */
export function tableOf(figures: Figures, style: { readonly colours: boolean }): string {
  const table = new Table({
    head: ['', 'sender', 'ERP', 'WMS', 'mail'],
    colAligns: ['left', 'right', 'right', 'right', 'right'],
    style: style.colours
      ? { head: ['bold'], border: ['gray'], compact: true }
      : { head: [], border: [], compact: true },
  })
  table.push(...rowsOf(figures).map(row => [...row]))
  const repeated = figures.targets.mail.executedTwice
  return repeated === 0 ? table.toString() : `${table.toString()}\n${number(repeated)} ${REPEATED_MAILS}`
}

function rowsOf(figures: Figures): readonly Row[] {
  const { targets } = figures
  const sender = (what: string, value: string): Row => [what, value, '', '', '']
  const each = (what: string, of: (target: TargetFigures) => string, inSender = ''): Row => {
    return [what, inSender, of(targets.erp), of(targets.wms), of(targets.mail)]
  }
  return [
    sender('orders / events', `${number(figures.orders)} / ${number(figures.events)}`),
    sender('requests sent', number(figures.sent)),
    sender('  acked', number(figures.acked)),
    sender('  refused, wrong secret', number(figures.refused)),
    sender('  sent again after a refusal', number(figures.sentAgain)),
    sender('duplicates dropped', share(figures.duplicatesDropped)),
    each('effects done once', target => share(target.doneOnce)),
    each('stale skipped', target => number(target.staleSkipped)),
    each('parked and released', target => share(target.parkedReleased)),
    each('held after a cancellation', target => share(target.heldForPerson)),
    each('failed requests, retried', target => number(target.retried)),
    each('repeated with the same key', target => number(target.replayed)),
    each('executed twice', target => number(target.executedTwice)),
    each('from refused requests', target => number(target.fromRefused)),
    each('orders at their newest state', target => share(target.newestState)),
    sender('order.created first', share(figures.createdFirst)),
  ]
}

function share({ done, all }: Share): string {
  if (all === 0) return '-'
  return `${number(done)} of ${number(all)}`
}

function number(n: number): string {
  return n.toLocaleString('en-US')
}
