import Table from 'cli-table3'
import type { Blow } from './blows.ts'
import { allPoints } from './crash-points.ts'

/**
 * What came of the blows, a line for each point of each service. What was counted is that of all processes of the service
 * until the next blow against one of them; what a process counted in its last moments went with it.
 */
export function crashTable(title: string, blows: readonly Blow[]): string {
  const table = new Table({
    head: ['point', 'service', 'bit', 'redelivered', 'leases taken over', 'leases lost', 'conflicts', 'retried'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  const rows = allPoints().toSorted(([, a], [, b]) => pointOrder(a) - pointOrder(b))
  for (const [service, point] of rows) {
    const here = blows.filter(blow => blow.service === service && blow.point === point)
    const sum = (of: keyof Blow['counts']) => here.reduce((all, { counts }) => all + counts[of], 0)
    table.push([
      point,
      service,
      here.length,
      sum('redelivered'),
      sum('taken_over'),
      sum('lost'),
      sum('conflicts'),
      sum('retried'),
    ])
  }
  const tookMs = Math.max(...blows.map(({ toMs }) => toMs)) - Math.min(...blows.map(({ fromMs }) => fromMs))
  return `${title}: ${blows.length} in ${Math.round(tookMs / 1_000)} s\n${table.toString()}`
}

function pointOrder(point: string): number {
  return allPoints().findIndex(([, one]) => one === point)
}
