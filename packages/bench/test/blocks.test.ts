import { expect, test } from 'vitest'
import { longest, parseBlocks } from '../src/loop/blocks.ts'

const told = (lines: readonly object[]) => parseBlocks(`${lines.map(line => JSON.stringify(line)).join('\n')}\n`)

test('of a block, what its own thread ran is told apart from what it waited for a core, and garbage collection from both', () => {
  const observed = told([
    { kind: 'gc', atMs: 990, tookMs: 500 },
    { kind: 'gc', atMs: 1_010, tookMs: 12 },
    { kind: 'gc', atMs: 1_030, tookMs: 3 },
    { kind: 'block', atMs: 1_000, lateMs: 80, cpuMs: 33 },
  ])
  expect(observed.blocks).toEqual([{ atMs: 1_000, lateMs: 80, ownMs: 33, gcMs: 15 }])
})

test('what the thread ran before its timer was due is not a block', () => {
  expect(told([{ kind: 'block', atMs: 1, lateMs: 10, cpuMs: 14 }]).blocks).toMatchObject([{ ownMs: 10 }])
})

test('the longest is that of the time that was asked for, by what the thread ran', () => {
  const observed = told([
    { kind: 'block', atMs: 1, lateMs: 900, cpuMs: 900 },
    { kind: 'block', atMs: 100, lateMs: 70, cpuMs: 10 },
    { kind: 'block', atMs: 110, lateMs: 40, cpuMs: 38 },
    { kind: 'block', atMs: 500, lateMs: 900, cpuMs: 900 },
  ])
  expect(longest(observed, 50, 200)).toEqual({ lateMs: 70, ownMs: 38, gcMs: 0 })
  expect(longest(observed, 600, 700)).toEqual({ lateMs: 0, ownMs: 0, gcMs: 0 })
})

test('a line that is not written to its end is left out', () => {
  expect(parseBlocks('{"kind":"gc","atMs":1,"tookMs":2}\n{"kind":"blo').blocks).toEqual([])
})
