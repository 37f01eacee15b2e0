import Table from 'cli-table3'
import { clean } from './clean.ts'

export interface Column {
  readonly title: string
  readonly align?: 'right'
  /** Of its cells, after they are cleaned. */
  readonly paint?: (text: string) => string
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
}

/** One line per row, its columns aligned, without frames and without colours of its own; titles come first. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const made = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  })
  made.push(...rows.map(row => row.map((cell, n) => painted(columns[n], clean(cell)))))
  return made
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
}

function painted(column: Column | undefined, cell: string): string {
  return column?.paint ? column.paint(cell) : cell
}
