import { expect, test } from 'vitest'
import { framesOf } from '../src/profile/cpu-profile.ts'
import { flameGraph } from '../src/profile/flame-graph.ts'
import { topFunctions } from '../src/profile/top-functions.ts'

const callFrame = (functionName: string, url = '', lineNumber = -1) => ({ functionName, url, lineNumber })

/** 1 ms a sample: `encode` from two callers, one of a library's, and 5 ms in which nothing was to be done. */
const TEXT = JSON.stringify({
  nodes: [
    { id: 1, callFrame: callFrame('(root)'), children: [2, 3, 4, 7] },
    { id: 2, callFrame: callFrame('(idle)') },
    { id: 3, callFrame: callFrame('publish', 'file:///repo/packages/kafka/src/publisher.ts', 56), children: [5] },
    {
      id: 4,
      callFrame: callFrame('<send>', 'file:///repo/node_modules/.pnpm/k@2/node_modules/k/src/i.js', 2),
      children: [6],
    },
    { id: 5, callFrame: callFrame('encode', 'file:///repo/packages/kafka/src/encode.ts', 0) },
    { id: 6, callFrame: callFrame('encode', 'file:///repo/packages/kafka/src/encode.ts', 0) },
    { id: 7, callFrame: callFrame('', 'node:net', 9) },
  ],
  samples: [2, 3, 5, 5, 4, 6, 7, 2],
  timeDeltas: [0, 5_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 5_000],
})
const root = framesOf(TEXT, 'file:///repo/')

test('what a process did is told with its callers, and what it waited is not', () => {
  expect(root.totalUs).toBe(6_000)
  expect(root.children.map(({ name, place, owner, selfUs, totalUs }) => [name, place, owner, selfUs, totalUs])).toEqual(
    [
      ['publish', 'packages/kafka/src/publisher.ts:57', 'ours', 1_000, 3_000],
      ['<send>', 'k/src/i.js:3', 'library', 1_000, 2_000],
      ['(anonymous)', 'node:net:10', 'node', 1_000, 1_000],
    ],
  )
})

test("a function's own time is that of all paths to it, most first", () => {
  expect(topFunctions(root).rows[0]).toEqual(['encode', 'packages/kafka/src/encode.ts:1', '3', '50.0'])
})

test('the flame graph has every frame as wide as it took, and no text that a browser would take for markup', () => {
  const graph = flameGraph(root, 'a & b')
  expect([...graph.matchAll(/data-l="([\d.]+)" data-w="([\d.]+)"/g)].map(([, l, w]) => [Number(l), Number(w)])).toEqual(
    [
      [0, 1],
      [0, 0.5],
      [0, expect.closeTo(2 / 6)],
      [0.5, expect.closeTo(2 / 6)],
      [0.5, expect.closeTo(1 / 6)],
      [expect.closeTo(5 / 6), expect.closeTo(1 / 6)],
    ],
  )
  expect(graph).toContain('&#60;send&#62;')
  expect(graph).not.toContain('<send>')
  expect(graph).toContain('a &#38; b')
})
