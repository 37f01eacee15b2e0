import type { LagDocument, TopicLag } from '../commands/lag.ts'
import { type Column, table } from './table.ts'

const COLUMNS: readonly Column[] = [
  { title: 'SERVICE' },
  { title: 'TOPIC' },
  { title: 'PARTITIONS', align: 'right' },
  { title: 'END', align: 'right' },
  { title: 'COMMITTED', align: 'right' },
  { title: 'LAG', align: 'right' },
]

/** `partitions`: a line for each; else for each topic, with the sums of its offsets. */
export function lagText({ total, services }: LagDocument, { partitions }: { partitions: boolean }): string {
  const topics = Object.entries(services).flatMap(([service, { topics }]) =>
    Object.entries(topics).map(([topic, lag]) => ({ service, topic, lag })),
  )
  const rows = topics.flatMap(({ service, topic, lag }) =>
    (partitions ? partitionCells(lag) : [sumCells(lag)]).map(cells => [service, topic, ...cells]),
  )
  const columns = partitions ? COLUMNS.with(2, { title: 'PARTITION', align: 'right' }) : COLUMNS
  const silent = topics.filter(({ lag }) => lag.lag > 0 && lag.partitions.every(({ committed }) => committed === null))
  return [
    ...table(columns, [...rows, ['total', '', '', '', '', `${total}`]]),
    ...silent.map(({ service, topic }) => `${service} has never committed anything of ${topic}: is it running?`),
  ].join('\n')
}

function sumCells({ partitions, lag }: TopicLag): readonly string[] {
  const committed = partitions.flatMap(one => one.committed ?? [])
  return [
    `${partitions.length}`,
    `${sum(partitions.map(({ end }) => end))}`,
    committed.length === 0 ? 'none' : `${sum(committed)}`,
    `${lag}`,
  ]
}

function partitionCells({ partitions }: TopicLag): readonly (readonly string[])[] {
  return partitions.map(({ partition, end, committed, lag }) => [
    `${partition}`,
    `${end}`,
    committed === null ? 'none' : `${committed}`,
    `${lag}`,
  ])
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
