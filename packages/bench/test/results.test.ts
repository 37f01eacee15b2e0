import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { benches } from '../src/benches/index.ts'
import { withResults } from '../src/page/results.ts'
import type { Report } from '../src/report.ts'

const REPORT: Report = {
  at: '2026-11-23T08:00:00.000Z',
  machine: {
    cpus: '2 × CPU',
    memory: '8192.0 MiB',
    system: 'linux',
    node: 'v24.21.0',
    kafka: '4.4.0',
    commit: 'abc1234',
    loadBefore: 0.25,
  },
  targets: [
    { name: 'rate', target: '≥ 3× / ≥ 1.1×', value: [3.456, 1.05], holds: false, rounds: [] },
    { name: 'memory', target: '≤ 1.1×', value: 1.02, holds: true, rounds: [] },
  ],
  benches: [
    { name: 'one', tookMs: 61_000, tables: [{ head: ['a', 'b', 'c'], rows: [['x | y', '1', '2']] }], voids: ['why'] },
  ],
}
const TARGETS = [...REPORT.targets, { name: 'latency', target: '≤ 0.5×' }]
const PAGE = 'before\n<!-- From here on `bench --docs` writes. -->\nold\n<!-- Up to here. -->\nafter\n'

test('the page has each target with what was measured: a missed one as missed, one that is not in the run as not measured', () => {
  const page = withResults(PAGE, REPORT, TARGETS)
  expect(page).toContain('| rate | ≥ 3× / ≥ 1.1× | 3.46 / 1.05 | **missed** |')
  expect(page).toContain('| memory | ≤ 1.1× | 1.02 | held |')
  expect(page).toContain('| latency | ≤ 0.5× | not measured |  |')
  expect(page).toContain('23 November 2026, 2 × CPU')
  expect(page).toContain('**Void**: why.')
  expect(page).toContain(String.raw`| x \| y | 1 | 2 |`)
})

test('only what stood in its place is replaced, and a second time as well as the first', () => {
  const page = withResults(PAGE, REPORT, TARGETS)
  expect(page).toMatch(/^before\n/)
  expect(page).toMatch(/\nafter\n$/)
  expect(page).not.toContain('old')
  expect(withResults(page, REPORT, TARGETS)).toBe(page)
  expect(() => withResults('no place', REPORT, TARGETS)).toThrow('the page has no place for results')
})

test('docs/benchmarks.md has a place for results, and names no target that is none', () => {
  const page = readFileSync(new URL('../../../docs/benchmarks.md', import.meta.url), 'utf8')
  expect(() => withResults(page, REPORT, TARGETS)).not.toThrow()
  const targets = new Set(benches.flatMap(bench => bench.targets.map(({ name, target }) => `${name} | ${target}`)))
  // the formatter pads the cells
  const rows = page.split('\n').map(line => line.split('|').map(cell => cell.trim()))
  const named = rows
    .filter(cells => ['held', '**missed**'].includes(cells[4] ?? ''))
    .map(cells => `${cells[1]} | ${cells[2]}`)
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter(row => !targets.has(row))).toEqual([])
})
