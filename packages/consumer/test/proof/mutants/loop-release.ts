import type { Mutant } from '../mutant.ts'
import { byLoop, byTest, inConsumer, inTestkit, mutant } from './define.ts'

const consume = inConsumer('consume.ts')
const release = inConsumer('release.ts')
const scheduler = inConsumer('scheduler.ts')
const store = inConsumer('store.ts')
const sweeper = inConsumer('sweeper.ts')
const orders = inTestkit('memory-orders.ts')

const LOOP = 'consumer/test/consume.test.ts'
const LATE = 'consumer/test/late-answers.test.ts'
const POISON = 'consumer/test/poison.test.ts'
const MISSING = 'consumer/test/missing-answers.test.ts'
const TAKEN = 'consumer/test/taken-over.test.ts'
const CLOSING = 'consumer/test/closing.test.ts'

const NO_SWEEPER = consume('() => sweep(loop, run)', '() => Promise.resolve()')

/** Guards of the real loop's facts, releases, scheduler and sweeper, and of what it asks of its ports. */
export const LOOP_RELEASE: readonly Mutant[] = [
  mutant(
    'loop F before R',
    [
      release('await loop.store.persist(() => loop.inbox.finish(facts)) //', '//'),
      release(
        'const grown = await releaseWhole(loop, lanes.filter(wentWell))',
        'const grown = await releaseWhole(loop, lanes.filter(wentWell))\n  if (facts.length > 0) await loop.store.persist(() => loop.inbox.finish(facts))',
      ),
    ],
    byLoop(),
  ),
  mutant(
    'loop F: until the inbox has answered',
    release(
      'await loop.store.persist(() => loop.inbox.finish(facts)) //',
      'await loop.store.once(() => loop.inbox.finish(facts)) //',
    ),
    byLoop(),
  ),
  mutant(
    'loop F: only what is finished',
    release('.filter(entry => isFinished(entry, lane))', '.filter(entry => lane.outcomes.has(entry.id))'),
    byLoop(),
  ),
  mutant(
    'loop F: stale only where the whole event was',
    release('all && event && countEffects(loop, event) === entry.effects.length', 'all'),
    byLoop(110),
  ),
  mutant(
    'loop R at once: only what went well',
    release('runList(lane.record).every(entry => isFinished(entry, lane))', 'true'),
    byLoop(),
  ),
  mutant(
    'loop R at once: fewer released than asked for: whose they are is read',
    release('if (released === keys.length) {', 'if (true) {'),
    byTest(MISSING, 'an order whose release did not arrive is released'),
  ),
  mutant(
    'loop R at once: what is still ours is settled',
    release('return group.filter(({ lease }) => records.get(lease.key)?.owner === token)', 'return []'),
    byTest(MISSING, 'an order whose release did not arrive is released'),
  ),
  mutant(
    'orders R: only where it is still planned',
    orders(
      'return planned && { ...same, rev: record.rev + 1, known: true, floors: planned, lane: [] }',
      'return { ...same, rev: record.rev + 1, known: true, floors: planned ?? record.floors, lane: [] }',
    ),
    byLoop(),
  ),
  mutant('orders R: makes known', orders('known: true, floors: planned', 'floors: planned'), byLoop()),
  mutant('orders: `{_id, rev}`', orders('if (records.get(key)?.rev !== before?.rev) return false', ''), byLoop()),
  mutant(
    'orders: a renewal shortens no lease',
    orders('Math.max(record.wake_at ?? 0, wakeAt)', 'wakeAt'),
    byTest(LATE, 'a renewal does not end the lease before its time'),
  ),
  mutant(
    'loop R singly: a conflict reads again',
    release('if (written !== 1) continue', "if (written !== 1) return { kind: 'over' }"),
    byTest(MISSING, 'an order to which an event came while its attempt was settled backs off'),
  ),
  mutant(
    'loop R singly: a decision stored without an answer is gone on with',
    release("if (claim) return { kind: 'goes on', record: before, ...claim }", ''),
    byTest(LATE, 'a decision that was stored without an answer is gone on with, not waited for'),
  ),
  mutant(
    'loop R singly: a token for the next run',
    release('{ ...sent.next(), ranUnder: lease.token', '{ ...sent.next(), token: lease.token, ranUnder: lease.token'),
    byTest(LATE, 'a release takes nothing away from the run that came after it'),
  ),
  mutant(
    'loop R singly: what goes on is run',
    release("return next ? { kind: 'goes on', record: after, ...next } : { kind: 'over' }", "return { kind: 'over' }"),
    byTest(LOOP, 'what comes while the order is being worked on runs after it, in the same claim'),
  ),
  mutant(
    'loop R singly: the service ends: somebody else goes on at once',
    release('last: loop.isClosing()', 'last: false'),
    byTest(CLOSING, 'what has not begun when the service ends is done by another at once, and no lease is lost'),
  ),
  mutant(
    'loop R: an order that cannot be written stops no other',
    store('if (!isRefusal(error)) lastFailureMs = monotonicMs()', 'lastFailureMs = monotonicMs()'),
    byTest(POISON, 'keeps no other order from its release or its next attempt'),
  ),
  mutant(
    'loop S: reads the states',
    scheduler("(state === 'open' ? [] : [id])", '[]'),
    byTest(
      'consumer/test/taken-over.test.ts',
      'what the inbox says is done is not asked for again when its order is taken over, and its floor rises',
    ),
  ),
  mutant(
    'loop S: the states after the records',
    scheduler(
      'const writes = [...due].flatMap(([key, before]) => {',
      'const again = await orders.read([...due.keys()])\n  const writes = [...due].flatMap(([key]) => {\n    const before = again.get(key)\n    if (!before) return []',
    ),
    byTest(TAKEN, 'who looked at an order too long ago to know what became of it does not take it over'),
  ),
  mutant(
    'loop S: orders that lost a lease before one at a time',
    scheduler('entry.begun && entry.lost_leases > 0', 'false'),
    byLoop(170),
  ),
  mutant(
    'loop S: each of them to its end',
    scheduler(
      'await takeOverAll(loop, new Map([suspect]))) await run(claimed)',
      'await takeOverAll(loop, new Map([suspect]))) void run(claimed)',
    ),
    byLoop(370),
  ),
  mutant(
    'loop S: waits a lease after the database was away',
    scheduler('if (loop.store.quietMs() < loop.settings.leaseMs) return', ''),
    byTest(
      TAKEN,
      'after an outage of the database an owner has time to say what it did, and nobody takes its order over',
    ),
  ),
  mutant(
    'loop S: suspects do not hide what is due behind them',
    scheduler('limit + inLine', 'limit'),
    byTest(POISON, 'many orders that lost a lease before do not hide what is due behind them'),
  ),
  mutant(
    'loop S: no suspect is begun when the service ends',
    scheduler('if (loop.isClosing()) return', ''),
    byTest(CLOSING, 'suspects are not taken over any more once the service ends'),
  ),
  mutant('loop sweeper', NO_SWEEPER, byTest(LOOP, 'an open event that is in no order record is found by the sweeper')),
  mutant(
    'loop sweeper: the record before the inbox',
    sweeper('    records,\n  )', '    await orders.read(page.map(({ order }) => order)),\n  )'),
    byTest(TAKEN, 'an event that is done while the sweeper looks at it, '),
  ),
  mutant(
    'loop sweeper: only what is open',
    sweeper("states.get(id) === 'open' ? readAgain", 'states.has(id) ? readAgain'),
    byTest(TAKEN, 'an event that is done while the sweeper looks at it, '),
  ),
]
