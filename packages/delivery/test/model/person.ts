import { redrive } from '../../src/index.ts'
import { clock, type Site, type Steps } from './instance.ts'
import { StoreError } from './store.ts'

/** A person who gives dead events back to their lanes: now and then while faults last, all of them afterwards. */
export function* person(site: Site): Steps {
  const { world, store } = site
  for (;;) {
    for (const { id: order } of world.workload.orders) {
      const dead = store.orders.get(order)?.dead ?? []
      if (dead.length === 0 || (world.faultsOn && !world.random.chance(0.05))) continue
      const chosen = dead.filter(() => !world.faultsOn || world.random.chance(0.6))
      yield* giveBack(site, order, new Set(chosen.map(({ id }) => id)))
      for (let looks = 0; looks < 20; looks++) yield
    }
    yield
  }
}

function* giveBack(site: Site, order: string, ids: ReadonlySet<string>): Steps {
  const { world, store } = site
  const { random, granted, seen, workload } = world
  try {
    yield
    const before = store.read(order)
    if (!before) return
    const creator = workload.orders.find(({ id }) => id === order)?.creator
    const waits = !before.known && before.dead.some(({ reason }) => reason === 'prerequisite_never_arrived')
    const withoutPrerequisite = waits && (!creator || random.chance(0.1))
    const after = redrive(before, ids, { now: clock(site), withoutPrerequisite })
    if (!after) return
    const given = before.dead.filter(({ id }) => ids.has(id))
    // what a person decides holds from here on: whether the write arrived may never be told
    if (withoutPrerequisite) granted.withoutPrerequisite.add(order)
    for (const { id, reason } of given) {
      const event = workload.events.get(id)
      if (reason === 'after_terminal') granted.passTerminal.add(id)
      if (reason === 'kills_its_worker' && event) event.poison = false // mended
    }
    yield
    store.write(order, before, after, () => {
      seen.redriven += given.length
      seen['released by person'] += given.filter(({ reason }) => reason === 'after_terminal').length
    })
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
  }
}
