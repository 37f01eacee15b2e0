import { expect, it } from 'vitest'
import { follow } from '../src/growth/follow.ts'
import type { Party } from '../src/growth/parties.ts'

const group = (found: number | null, state: 'stable' | 'rebalancing' | 'empty' = 'stable'): Party => ({
  role: 'reads',
  group: 'wms',
  state,
  instances: state === 'empty' ? [] : [found],
  found,
})
const ingress = (found: number | null): Party => ({ role: 'writes', admin: 'http://a:1', found })

/** Looks that tell these, one after another, the last one for ever. */
function following(...looks: readonly (readonly Party[] | Error)[]) {
  const lines: string[] = []
  const left = [...looks]
  const look = () => {
    const now = left.length > 1 ? left.shift() : left[0]
    return now instanceof Error ? Promise.reject(now) : Promise.resolve(now ?? [])
  }
  return { lines, left, options: { partitions: 4, look, say: (line: string) => void lines.push(line) } }
}
const never = new AbortController().signal

it('following waits until every group and every ingress has found all, and says what changed', async () => {
  const { lines, options } = following(
    [group(2), ingress(2)],
    [group(null, 'rebalancing'), ingress(null)],
    [group(4), ingress(2)],
    [group(4), ingress(4)],
  )
  expect(await follow({ ...options, limitMs: 60_000, signal: never })).toMatchObject({ end: 'complete' })
  expect(lines).toEqual([
    'wms holds 2 of 4',
    'ingress http://a:1 writes to 2 of 4',
    'wms shares its partitions out anew',
    'ingress http://a:1 does not answer',
    'wms holds 4 of 4',
    'ingress http://a:1 writes to 2 of 4',
    'ingress http://a:1 writes to 4 of 4',
  ])
})

it('a group without an instance is not waited for', async () => {
  const { options } = following([group(0, 'empty')])
  expect(await follow({ ...options, limitMs: 60_000, signal: never })).toMatchObject({ end: 'complete' })
})

it('a look that fails is repeated', async () => {
  const { options } = following(new Error('Kafka is busy'), [group(4)])
  expect(await follow({ ...options, limitMs: 60_000, signal: never })).toMatchObject({ end: 'complete' })
})

it('following ends at its limit, and tells how far they came', async () => {
  const { options } = following([group(2)])
  expect(await follow({ ...options, limitMs: 0, signal: never })).toEqual({ end: 'limit', parties: [group(2)] })
})

it('following ends at once when the person has seen enough', async () => {
  const { options, lines } = following([group(2)])
  const enough = new AbortController()
  const followed = follow({ ...options, limitMs: 3_600_000, signal: enough.signal })
  enough.abort()
  expect(await followed).toEqual({ end: 'interrupted', parties: [group(2)] })
  expect(lines).toEqual(['wms holds 2 of 4'])
})
