import { randomInt } from 'node:crypto'
import { CONSUMERS, type ConsumerName } from '../../src/demo/judged.ts'
import { waitFor } from '../../src/wait-for.ts'
import type { Armed, Mark } from '../fixtures/armed.ts'
import type { Blow } from './blows.ts'
import { type Counts, countsOf, minus } from './counts.ts'
import { comingTo, type CrashPoint, holdsLease, pointsOf } from './crash-points.ts'
import { LEASE_MS, type Scene } from './crash-scene.ts'
import { instanceOf } from './metrics.ts'

const LIMIT_MS = 90_000
const UNREADABLE_EVERY_MS = 1_000

/** The nth process of a service, to be hit at this point. */
interface Aim {
  readonly service: ConsumerName
  readonly n: number
  readonly point: CrashPoint
}

/** Kills a process of every service at every point: all services side by side, and in each as many as it has processes. */
export async function killEverywhere(scene: Scene, instances: number): Promise<readonly Blow[]> {
  const killers = CONSUMERS.flatMap(service => {
    const left = [...pointsOf(service)]
    return Array.from({ length: instances }, (_, n) =>
      strikeAll(
        scene,
        service,
        () => {
          const point = left.shift()
          return point && { service, n, point }
        },
        { signal: 'SIGKILL', recover: (aim, { pid }) => replaced(scene, aim, pid) },
      ),
    )
  })
  return (await Promise.all(killers)).flat()
}

/** Stops one of the two processes of every service at every point, and lets it go on when the other has its work. */
export async function stopEverywhere(scene: Scene): Promise<readonly Blow[]> {
  const stoppers = CONSUMERS.map(service => {
    const left = [...pointsOf(service)]
    return strikeAll(
      scene,
      service,
      () => {
        const point = left.shift()
        return point && { service, n: randomInt(2), point }
      },
      { signal: 'SIGSTOP', recover: (aim, mark) => letGoOn(scene, aim, mark) },
    )
  })
  return (await Promise.all(stoppers)).flat()
}

/** One blow after another while there is a `next`. */
async function strikeAll(
  scene: Scene,
  service: ConsumerName,
  next: () => Aim | undefined,
  { signal, recover }: { signal: Armed['signal']; recover: (aim: Aim, mark: Mark) => Promise<void> },
): Promise<readonly Blow[]> {
  const struck: (Omit<Blow, 'counts'> & { readonly before: Counts })[] = []
  for (let aim = next(); aim; aim = next()) {
    const mark = await hit(scene, aim, signal)
    const before = scene.counting.of(service)
    await recover(aim, mark)
    struck.push({ service, point: aim.point, signal, fromMs: mark.at_ms, toMs: Date.now(), before })
    await nobodySuspect(scene, service)
  }
  const last = scene.counting.of(service)
  return struck.map(({ before, ...blow }, i) => ({ ...blow, counts: minus(struck[i + 1]?.before ?? last, before) }))
}

/** Resolves when the process has sent itself the signal. */
async function hit(scene: Scene, { service, n, point }: Aim, signal: Armed['signal']): Promise<Mark> {
  const { armoury, stack, unreadable } = scene
  const instance = instanceOf(stack.info, service, n)
  const id = await armoury.arm(instance, { point, nth: comingTo(point), signal })
  let sentAtMs = Number.NEGATIVE_INFINITY
  const ask = async () => {
    if (point === 'letters_sent' && performance.now() - sentAtMs > UNREADABLE_EVERY_MS) {
      sentAtMs = performance.now()
      await unreadable.send()
    }
    return armoury.markOf(instance, id)
  }
  return waitFor(`${signal} of ${service} ${n} at ${point}`, ask, { limitMs: LIMIT_MS })
}

async function replaced({ stack }: Scene, { service, n }: Omit<Aim, 'point'>, pid: number): Promise<void> {
  const ask = async () => (stack.pid(service, n) === pid ? undefined : true)
  await waitFor(`a new process of ${service} ${n}`, ask, { limitMs: LIMIT_MS })
}

/** The stopped process goes on when its leases have run out and the other one has all of its work. */
async function letGoOn(scene: Scene, { service, n, point }: Aim, { at_ms }: Mark): Promise<void> {
  const { stack, mongo } = scene
  const other = instanceOf(stack.info, service, 1 - n)
  const before = await countsOf(other)
  const orders = mongo.db(service).collection('orders')
  const hasAll = async () => {
    if (Date.now() < at_ms + LEASE_MS) return undefined
    const more = minus(await countsOf(other), before)
    if (more.joined === 0 || more.accepted + more.redelivered === 0) return undefined // it has not its partitions yet
    if (holdsLease(point) && more.taken_over === 0) return undefined
    const overdue = await orders.countDocuments({ owner: { $exists: true }, wake_at: { $lt: new Date() } })
    return overdue === 0 ? true : undefined
  }
  await waitFor(`${service} ${1 - n} to take over`, hasAll, { limitMs: LIMIT_MS })
  stack.kill(service, n, 'SIGCONT')
  // once as the other was thrown out, once as it came back
  const isBack = async () => ((await countsOf(other)).joined >= before.joined + 2 ? true : undefined)
  await waitFor(`${service} ${n} to be back in the group`, isBack, { limitMs: LIMIT_MS })
}

/** An event that loses its lease five times counts as one that kills its worker: what has lost three is left in peace. */
async function nobodySuspect({ mongo }: Scene, service: ConsumerName): Promise<void> {
  const orders = mongo.db(service).collection('orders')
  const suspects = () => orders.countDocuments({ lane: { $elemMatch: { lost_leases: { $gte: 3 } } } })
  const ask = async () => ((await suspects()) === 0 ? true : undefined)
  await waitFor(`no event of ${service} that lost three leases`, ask, { limitMs: LIMIT_MS })
}
