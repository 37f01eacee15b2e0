import { takeOver } from '../../src/index.ts'
import { newLane } from './effects.ts'
import { clock, type Site, type Steps, stepNow } from './instance.ts'
import { untilStoreError, work } from './work.ts'

/** S: looks for what is due. Orders that lost a lease before are taken one at a time. */
export function* scheduler(site: Site): Steps {
  const { world, store, instance } = site
  for (;;) {
    for (const { id } of world.workload.orders) {
      const record = store.orders.get(id)
      if (record?.wake_at === undefined || record.wake_at > clock(site)) continue
      const token = site.newToken()
      const steps = untilStoreError(site, token, takeDue(site, token, id))
      if (record.lane.some(({ begun, lost_leases }) => begun && lost_leases > 0)) yield* steps
      else instance.loops.push(steps)
    }
    for (let looks = 0; looks < 3; looks++) yield
  }
}

function* takeDue(site: Site, token: string, order: string): Steps {
  const { world, store, target } = site
  yield
  const before = store.read(order)
  if (before?.wake_at === undefined || before.wake_at > clock(site)) return // due BEFORE the inbox is read
  const finished = new Set<string>()
  for (const { id } of before.lane) {
    yield
    if (store.state(id) !== 'open') finished.add(id)
  }
  const leasedAt = world.now
  const after = takeOver(before, finished, stepNow(site, token))
  if (!after) return
  yield
  const written = store.write(order, before, after, () => {
    if (before.owner === undefined) return
    world.seen.takeover++
    target.attempts.forgotten(attempt => attempt.token === before.owner && attempt.order === order)
  })
  if (written && after.owner === token) yield* work(site, [newLane(order, token, after, leasedAt)])
}
