/** What of a `.cpuprofile` of V8 is looked at. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  /** The node that was on top at each sample. */
  readonly samples: readonly number[]
  /** Microseconds from the sample before to each. */
  readonly timeDeltas: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}

/** A function as it was called on one path, and what it called. */
export interface Frame {
  readonly name: string
  /** `packages/kafka/src/publisher.ts:57`, `kafkajs/src/index.js:3`, `node:net:1`; empty for what is no JavaScript. */
  readonly place: string
  readonly owner: Owner
  readonly selfUs: number
  /** With all that it called. */
  readonly totalUs: number
  readonly children: readonly Frame[]
}

/** Whose code it is; `native` is V8's own work, such as garbage collection, and the system's. */
export type Owner = 'ours' | 'library' | 'node' | 'native'

/** The process had nothing to do. */
const IDLE = '(idle)'

/**
 * What a process did, from its first call down; the time in which it had nothing to do is left out. `repository`: the URL of
 * the folder that places are told from, with a slash at its end.
 */
export function framesOf(text: string, repository: string): Frame {
  const profile: CpuProfile = JSON.parse(text)
  const nodes = new Map(profile.nodes.map(node => [node.id, node]))
  const selfUs = selfTimes(profile)

  function frameOf(node: ProfileNode): Frame {
    const where = whereOf(node, repository)
    const called = (node.children ?? []).flatMap(id => nodes.get(id) ?? []).filter(isBusy)
    const { same = [], other = [] } = Object.groupBy(called.map(frameOf), child =>
      isLoader(where) && isLoader(child) ? 'same' : 'other',
    )
    const frames = [...other, ...same.flatMap(({ children }) => children)].toSorted((a, b) => b.totalUs - a.totalUs)
    const own = same.reduce((sum, child) => sum + child.selfUs, selfUs.get(node.id) ?? 0)
    return {
      name: node.callFrame.functionName || '(anonymous)',
      ...where,
      selfUs: own,
      totalUs: frames.reduce((sum, { totalUs }) => sum + totalUs, own),
      children: frames,
    }
  }

  const [root] = profile.nodes
  if (root === undefined) throw new Error('a profile without a node')
  return frameOf(root)
}

function isBusy({ callFrame }: ProfileNode): boolean {
  return callFrame.functionName !== IDLE
}

/** While modules are loaded it calls itself, hundreds of levels deep: that is drawn as one. */
function isLoader({ place }: Pick<Frame, 'place'>): boolean {
  return place.startsWith('node:internal/modules/')
}

/** What was on top at a sample was so until the next one. */
function selfTimes({ samples, timeDeltas }: CpuProfile): ReadonlyMap<number, number> {
  const times = new Map<number, number>()
  for (const [n, id] of samples.entries()) {
    // the sampler's clock may go back by a little
    times.set(id, (times.get(id) ?? 0) + Math.max(0, timeDeltas[n + 1] ?? 0))
  }
  return times
}

function whereOf({ callFrame: { url, lineNumber } }: ProfileNode, repository: string): Pick<Frame, 'place' | 'owner'> {
  if (url === '') return { place: '', owner: 'native' }
  const line = lineNumber + 1
  if (url.startsWith('node:')) return { place: `${url}:${line}`, owner: 'node' }
  const [, ...within] = url.split('/node_modules/')
  const module = within.at(-1)
  if (module !== undefined) return { place: `${module}:${line}`, owner: 'library' }
  return { place: `${url.startsWith(repository) ? url.slice(repository.length) : url}:${line}`, owner: 'ours' }
}
