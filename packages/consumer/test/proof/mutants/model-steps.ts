import type { Mutant } from '../mutant.ts'
import { byModel, inModel, mutant } from './define.ts'

const accept = inModel('accept.ts')
const effects = inModel('effects.ts')
const scheduler = inModel('scheduler.ts')
const schedule = inModel('schedule.ts')
const sweeper = inModel('sweeper.ts')
const store = inModel('store.ts')

const KNOWN_GO_ON = "if (store.state(event.id) === 'open') open.add(event)"
const NO_SWEEPER = schedule(', sweeper(site)]', ']')

/** Guards of the steps, as the model has them: what is read when, and who may run. */
export const MODEL_STEPS: readonly Mutant[] = [
  mutant(
    'A: the order records are read before the inbox',
    accept(
      'for (const [order, events] of byOrder) {\n',
      'for (const [order, events] of byOrder) {\n    records.set(order, store.read(order))\n',
    ),
    byModel(),
  ),
  mutant('A: what is over is dropped', accept(KNOWN_GO_ON, 'open.add(event)'), byModel()),
  mutant('A: what is open goes on', accept(KNOWN_GO_ON, ''), { kind: 'nothing', why: 'the sweeper finds it' }),
  mutant('A: what is open goes on, and no sweeper', [accept(KNOWN_GO_ON, ''), NO_SWEEPER], byModel()),
  mutant('the sweeper', NO_SWEEPER, {
    kind: 'nothing',
    why: 'a slice comes again until its events are in their orders',
  }),
  mutant(
    'G after A',
    accept('const open = new Set<ModelEvent>()', 'yield\n  slice.commit()\n  const open = new Set<ModelEvent>()'),
    byModel(),
  ),
  mutant('G after B', accept('const lanes: Lane[] = []', 'yield\n  slice.commit()\n  const lanes: Lane[] = []'), {
    kind: 'nothing',
    why: 'the sweeper finds it',
  }),
  mutant(
    'G after B, and no sweeper',
    [accept('const lanes: Lane[] = []', 'yield\n  slice.commit()\n  const lanes: Lane[] = []'), NO_SWEEPER],
    byModel(),
  ),
  mutant(
    'B: a conflict reads the states again',
    accept("if (store.state(event.id) === 'open') stillOpen.push(event)", 'stillOpen.push(event)'),
    byModel(),
  ),
  mutant(
    'B: a conflict reads the record again',
    accept(
      'record = store.read(order)\n    if (record',
      'const now = store.read(order)\n    if (now?.owner === token) record = now\n    if (record',
    ),
    byModel(),
  ),
  mutant(
    'B: what carries our token is ours',
    accept('if (record?.owner === token) return newLane(order, token, record, leasedAt)', ''),
    byModel(),
  ),
  mutant('B: a token for every claim', schedule('`${name}#${++tokens}`', 'name'), byModel()),
  mutant(
    'E: only while the lease surely holds',
    effects('if (!(yield* holdsLease(site, lane))) return', ''),
    byModel(),
  ),
  mutant('E: only what is begun runs', effects('.filter(({ begun }) => begun)', ''), byModel()),
  mutant('E: the lane stops at what is not finished', effects('if (!isFinished(lane, entry)) return', ''), byModel()),
  mutant(
    'E: also where it was refused for good',
    effects(
      'if (!isFinished(lane, entry)) return',
      "if (!isFinished(lane, entry) && ![...outcomes.values()].some(({ kind }) => kind === 'permanent')) return",
    ),
    byModel(),
  ),
  mutant(
    'E: floors rise within the run',
    effects("if (outcome.kind === 'done') floors =", 'if (false) floors ='),
    byModel(),
  ),
  mutant(
    'E: a lease is counted from before its claim',
    accept(
      'return after.owner === token ? newLane(order, token, after, leasedAt) : undefined',
      '{ yield; yield; return after.owner === token ? newLane(order, token, after, world.now) : undefined }',
    ),
    byModel(),
  ),
  mutant(
    'E: a renewal is counted from before it was sent',
    effects('lane.leasedAt = leasedAt', 'yield; yield; lane.leasedAt = world.now'),
    byModel(),
  ),
  mutant(
    'E: a refused renewal ends the run',
    effects("world.seen['renewal refused']++\n    return false", "world.seen['renewal refused']++"),
    byModel(),
  ),
  mutant(
    'every write: `{_id, rev}`',
    store('return (orders.get(order)?.rev ?? 0) === (before?.rev ?? 0)', 'return true'),
    byModel(),
  ),
  mutant(
    'renewal: only the owner',
    store(
      'if (record?.owner !== token) return false\n        put(order, { ...record, rev: record.rev + 1, wake',
      'if (!record) return false\n        put(order, { ...record, rev: record.rev + 1, wake',
    ),
    byModel(),
  ),
  mutant('S: reads the states', scheduler("if (store.state(id) !== 'open') finished.add(id)", ''), byModel(330)),
  mutant(
    'S: the record is seen due before the states are read',
    scheduler(
      'if (before?.wake_at === undefined || before.wake_at > clock(site)) return',
      'if (before?.wake_at === undefined) return',
    ),
    byModel(25_470),
  ),
  mutant(
    'S: orders that lost a lease before one at a time',
    scheduler('yield* steps', 'instance.loops.push(steps)'),
    byModel(530),
  ),
  mutant(
    'S: a lease is counted from before its write',
    scheduler(
      'yield* work(site, [newLane(order, token, after, leasedAt)])',
      '{ yield; yield; yield* work(site, [newLane(order, token, after, world.now)]) }',
    ),
    byModel(700),
  ),
  mutant(
    'sweeper: the record before the inbox',
    sweeper(
      "const record = store.read(event.order) // before the inbox, always\n  yield\n  if (store.state(event.id) !== 'open') return",
      "if (store.state(event.id) !== 'open') return\n  yield\n  const record = store.read(event.order)",
    ),
    byModel(),
  ),
  mutant('sweeper: only what is open', sweeper("if (store.state(event.id) !== 'open') return", ''), byModel()),
]
