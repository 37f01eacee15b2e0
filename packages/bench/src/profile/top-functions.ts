import type { TableData } from '../bench.ts'
import type { Frame } from './cpu-profile.ts'

const SHOWN = 25

/** Where the time went itself, on all paths together, most first. */
export function topFunctions(root: Frame): TableData {
  const selfUs = new Map<string, { readonly frame: Frame; us: number }>()
  for (const frame of all(root)) {
    const key = `${frame.name} ${frame.place}`
    const known = selfUs.get(key)
    if (known === undefined) selfUs.set(key, { frame, us: frame.selfUs })
    else known.us += frame.selfUs
  }
  const top = [...selfUs.values()].toSorted((a, b) => b.us - a.us).slice(0, SHOWN)
  return {
    head: ['function', 'where', 'self ms', '% of its work'],
    rows: top.map(({ frame: { name, place }, us }) => [
      name,
      place,
      (us / 1_000).toFixed(0),
      ((us / root.totalUs) * 100).toFixed(1),
    ]),
  }
}

function* all(frame: Frame): Generator<Frame> {
  yield frame
  for (const child of frame.children) yield* all(child)
}
