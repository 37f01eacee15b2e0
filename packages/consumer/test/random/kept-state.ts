import type { EffectState } from '@hookline/delivery'
import type { Store } from './store.ts'
import type { Execution } from './target.ts'
import type { World } from './world.ts'

/** What the handler returns to be kept: who returned it. Facts keep nothing, and some snapshots do not either. */
export function returnedBy({
  effect,
  version,
}: Pick<Execution, 'effect' | 'version'>): { state: EffectState } | undefined {
  const keeps = effect !== 'entry' && (version.codePointAt(version.length - 1) ?? 0) % 3 !== 0
  return keeps ? { state: { by: version } } : undefined
}

/** What an effect is handed is what the newest of the older events that the target has executed returned. */
export function checkHanded(
  world: World,
  { store, executions }: { store: Store; executions: readonly Execution[] },
  { call, handed, isOwner }: { call: Execution; handed: EffectState | undefined; isOwner: boolean },
): void {
  if (!isOwner || call.effect === 'entry') return // a zombie is about to lose its run
  const newest = newestReturned(executions, call)
  if (newest !== undefined) world.seen['handed a kept state'] += 1
  if (handed?.by !== newest) {
    const kept = store.orders.records().get(call.order)?.floors[call.effect]?.state?.by
    world.violated(
      'an effect is handed what the newest one before it returned',
      `${call.identity} ${call.effect}: ${String(handed?.by)}, not ${newest}, kept ${String(kept)}`,
    )
  }
}

/** The version that returned what is kept; `version`: before that one. */
export function newestReturned(
  executions: readonly Execution[],
  { order, effect, version }: { order: string; effect: string; version?: string },
): string | undefined {
  return executions
    .filter(one => one.order === order && one.effect === effect && (version === undefined || one.version < version))
    .filter(one => returnedBy(one) !== undefined)
    .map(one => one.version)
    .sort()
    .at(-1)
}
