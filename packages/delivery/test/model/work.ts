import { settle } from '../../src/index.ts'
import { isFinished, type Lane, leaseIsOver, newLane, runLane } from './effects.ts'
import { gap, type Site, type Steps, stepNow } from './instance.ts'
import { StoreError } from './store.ts'

/** E, F, R for the lanes of one claim, as often as there is more in them. */
export function* work(site: Site, claimed: readonly Lane[]): Steps {
  let lanes = claimed
  while (lanes.length > 0) {
    yield* sideBySide(
      site,
      lanes.map(lane => runLane(site, lane)),
    )
    gap(site)
    yield* writeFacts(site, lanes)
    gap(site)
    lanes = yield* release(site, lanes)
  }
}

/** A failed store operation ends this piece of work; what it did not write down is not known any more. */
export function* untilStoreError(site: Site, token: string, steps: Steps): Steps {
  try {
    yield* steps
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    site.target.attempts.forgotten(attempt => attempt.token === token)
  }
}

function* sideBySide({ world }: Site, lanes: Steps[]): Steps {
  const running = [...lanes]
  while (running.length > 0) {
    const which = world.random.below(running.length)
    if (running[which]?.next().done) running.splice(which, 1)
    else yield
  }
}

/** F: one update for many events, which a crash may cut anywhere, in any order. */
function* writeFacts(site: Site, lanes: readonly Lane[]): Steps {
  const facts = lanes.flatMap(lane => lane.run.filter(entry => isFinished(lane, entry)).map(entry => ({ lane, entry })))
  while (facts.length > 0) {
    const [fact] = facts.splice(site.world.random.below(facts.length), 1)
    if (!fact) break
    const { lane, entry } = fact
    const kinds = [...(lane.outcomes.get(entry.id)?.values() ?? [])].map(({ kind }) => kind)
    const wholeEvent = entry.effects.length === site.world.workload.events.get(entry.id)?.effects.length
    const isStale = wholeEvent && kinds.length > 0 && kinds.every(kind => kind === 'stale')
    yield
    site.store.finish(entry.id, isStale ? 'stale' : 'done')
    site.target.attempts.settle(lane.token, entry.id, leaseIsOver(site, lane))
  }
}

/** R. Returns the lanes that go on. */
function* release(site: Site, lanes: readonly Lane[]): Steps<readonly Lane[]> {
  const singly: Lane[] = []
  for (const lane of lanes) {
    const wentWell = lane.record.planned && lane.run.every(entry => isFinished(lane, entry))
    if (wentWell) {
      yield
      if (site.store.release(lane.order, lane.token)) {
        site.world.seen['released at once']++
        continue
      }
    }
    singly.push(lane)
  }
  const goOn: Lane[] = []
  for (const lane of singly) {
    const next = yield* settleOne(site, lane)
    if (next) goOn.push(next)
  }
  return goOn
}

/** Read, settle, write by `{_id, rev}`; conflict: read again; another owner: this is a zombie. The lane that goes on. */
function* settleOne(site: Site, lane: Lane): Steps<Lane | undefined> {
  const { world, store, target } = site
  for (;;) {
    gap(site)
    yield
    const before = store.read(lane.order)
    const leasedAt = world.now
    const token = site.newToken()
    const last = world.random.chance(0.05)
    const end = { ...stepNow(site, token), ranUnder: lane.token, last }
    const after = before && settle(before, lane.outcomes, end)
    if (!after) return undefined
    yield
    const written = store.write(lane.order, before, after, () => {
      for (const id of lane.outcomes.keys()) target.attempts.settle(lane.token, id, leaseIsOver(site, lane))
      if (lane.record.planned && !before.planned) world.seen['added to an owned lane']++
    })
    if (!written) continue
    return after.owner === token ? newLane(lane.order, token, after, leasedAt) : undefined
  }
}
