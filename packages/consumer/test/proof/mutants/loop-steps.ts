import type { Mutant } from '../mutant.ts'
import { byLoop, byTest, inConsumer, inTestkit, mutant } from './define.ts'

const accept = inConsumer('accept.ts')
const claim = inConsumer('claim.ts')
const consume = inConsumer('consume.ts')
const effectKey = inConsumer('effect-key.ts')
const lane = inConsumer('lane.ts')
const lease = inConsumer('lease.ts')
const outcomeOf = inConsumer('outcome-of.ts')
const readRecord = inConsumer('read-record.ts')
const release = inConsumer('release.ts')
const scheduler = inConsumer('scheduler.ts')
const sentClaims = inConsumer('sent-claims.ts')
const store = inConsumer('store.ts')
const sweeper = inConsumer('sweeper.ts')
const work = inConsumer('work.ts')
const inbox = inTestkit('memory-inbox.ts')
const orders = inTestkit('memory-orders.ts')

const LOOP = 'consumer/test/consume.test.ts'
const LATE = 'consumer/test/late-answers.test.ts'
const POISON = 'consumer/test/poison.test.ts'
const MISSING = 'consumer/test/missing-answers.test.ts'
const TAKEN = 'consumer/test/taken-over.test.ts'
const SLOW = 'consumer/test/slow-handlers.test.ts'
const CLOSING = 'consumer/test/closing.test.ts'

const NO_SWEEPER = consume('() => sweep(loop, run)', '() => Promise.resolve()')
const SOURCE_DOES_NOT_WAIT = consume(
  'for (const claimed of await acceptSlice(loop, slice)) void run(claimed)',
  'void acceptSlice(loop, slice).then(all => { for (const claimed of all) void run(claimed) }, () => {})',
)

/** Guards of the real loop: the order of its steps, and what it does where an answer is missing. */
export const LOOP_STEPS: readonly Mutant[] = [
  mutant(
    'loop V: what cannot be read is a dead letter before its offset is resolved',
    accept('await loop.store.persist(() => loop.deadLetters.send(letters))', ''),
    byTest(
      LOOP,
      'a record that cannot be read, or a body that is too old, is in the dead-letter topic and stops nobody',
    ),
  ),
  mutant(
    'loop V: what is older than the inbox remembers does not run',
    readRecord('if (age < oldest)', 'if (false)'),
    byTest(
      LOOP,
      'a record that cannot be read, or a body that is too old, is in the dead-letter topic and stops nobody',
    ),
  ),
  mutant(
    'loop V: an order has room for twice a lane',
    accept('record.lane.length + record.dead.length >= 2 * cap', 'false'),
    byTest(POISON, 'an order with many dead events takes no more than twice a lane'),
  ),
  mutant(
    'loop A: the order records are read before the inbox',
    accept(
      'await claim(loop, arrivals, records)',
      'await claim(loop, arrivals, await store.persist(() => orders.read(keys)))',
    ),
    byLoop(),
  ),
  mutant('loop A: what is over is dropped', accept("(state === 'new' || state === 'open')", 'true'), byLoop()),
  mutant('loop A: what is open goes on', accept("(state === 'new' || state === 'open')", "state === 'new'"), {
    kind: 'nothing',
    why: 'the sweeper finds it',
  }),
  mutant('loop G: after A and B', SOURCE_DOES_NOT_WAIT, byLoop()),
  mutant('loop B: a conflict reads the states again', claim("states.get(id) === 'open'", 'true'), byLoop()),
  mutant(
    'loop B: a conflict reads the records again',
    claim('known = await store.persist(() => orders.read(writes.map(({ key }) => key)))', 'void known'),
    byLoop(),
  ),
  mutant(
    'loop B: the states after the records',
    [
      claim(
        'known = await store.persist(() => orders.read(writes.map(({ key }) => key)))',
        'const others0 = writes.flatMap(({ key }) => idsOf(pending.get(key)))\n    const states = await store.persist(() => inbox.states(others0))\n    known = await store.persist(() => orders.read(writes.map(({ key }) => key)))',
      ),
      claim(
        'const states = await store.persist(() => inbox.states(others.flatMap(({ key }) => idsOf(pending.get(key)))))',
        '',
      ),
    ],
    byLoop(),
  ),
  mutant(
    'loop B: what carries a token of ours is ours',
    claim('for (const [key, record] of known) take(key, record) //', '//'),
    byTest(MISSING, 'an order whose claim had no answer is worked on'),
  ),
  mutant(
    'loop B: a claim counts from when it was sent',
    sentClaims(
      'claimedAtMs === undefined ? undefined : { token: owner, claimedAtMs }',
      'claimedAtMs === undefined ? undefined : { token: owner, claimedAtMs: loop.monotonicMs() }',
    ),
    byTest(LATE, 'a claim counts its lease from when it was sent'),
  ),
  mutant(
    'loop B: a token for every claim',
    sentClaims('const token = loop.newToken()', "const token = loop.newToken().split('#')[0] + '#'"),
    byLoop(),
  ),

  mutant(
    'loop E: only what is begun runs',
    lane('plan(record).filter(entry => entry.begun)', 'plan(record)'),
    byLoop(),
  ),
  mutant('loop E: the lane stops at what is not finished', lane('if (!isFinished(entry, lane)) return', ''), byLoop()),
  mutant('loop E: only while the lease surely holds', lane('!lane.lease.surelyHeld() ||', ''), byLoop()),
  mutant(
    'loop E: nothing begins when the service ends',
    lane(' || loop.isClosing()) return', ') return'),
    byTest(CLOSING, 'what has not begun when the service ends is done by another at once, and no lease is lost'),
  ),
  mutant('loop E: an older snapshot is stale', lane("if (verdict === 'stale') {", 'if (false) {'), byLoop()),
  mutant(
    'loop E: floors rise within the run',
    lane("if (outcome.kind === 'done') floors =", 'if (false) floors ='),
    byLoop(),
  ),
  mutant(
    'loop E: what is thrown and no effect error may have executed',
    outcomeOf("{ kind: 'unknown', message: nameAndPlace(error) }", "{ kind: 'retry', message: nameAndPlace(error) }"),
    byTest(LOOP, 'a bug in a handler is an unknown outcome, and what it says of the customer is not kept'),
  ),
  mutant(
    'loop E: the same key for every attempt',
    effectKey(
      '`${consumer} ${effect.name} ${subject}`',
      '`${consumer} ${effect.name} ${subject} ${globalThis.nth = (globalThis.nth ?? 0) + 1}`',
    ),
    byLoop(),
  ),
  mutant(
    'loop E: another key for every effect',
    effectKey('`${consumer} ${effect.name} ${subject}`', '`${consumer} ${subject}`'),
    byLoop(),
  ),

  mutant(
    'lease: an aborted one is not held',
    lease('!controller.signal.aborted && monotonicMs()', 'monotonicMs()'),
    byTest(SLOW, 'because it was taken over: the handler is told at the next renewal, and no effect begins any more'),
  ),
  mutant('lease: ends by the monotonic clock', lease('monotonicMs() < lease.untilMs - marginMs()', 'true'), byLoop()),
  mutant(
    'lease: a margin for the clocks',
    lease('lease.untilMs - marginMs(),', 'lease.untilMs + leaseMs / 4,'),
    byLoop(),
  ),
  mutant(
    'lease: a handler whose lease ran out is told to stop',
    lease("if (!lease.surelyHeld()) lease.abort('the lease ran out')", ''),
    byLoop(),
  ),
  mutant('lease: is renewed', lease('if (due.length === 0) return', 'return'), byLoop()),
  mutant(
    'lease: a renewal counts from when it was sent',
    lease('lease.untilMs = sentAtMs + leaseMs', 'lease.untilMs = monotonicMs() + leaseMs'),
    byLoop(),
  ),
  mutant(
    'lease: fewer renewed than asked for: whose they are is read',
    lease('if (renewed === keys.length) return stillOurs([...group])', 'return stillOurs([...group])'),
    byTest(SLOW, 'because it was taken over: the handler is told at the next renewal, and no effect begins any more'),
  ),
  mutant(
    'lease: a handler whose order was taken over is told to stop',
    lease(
      "if (records.get(lease.key)?.owner !== token && held.has(lease)) lease.abort('the claim was taken over')",
      '',
    ),
    byTest(SLOW, 'because it was taken over: the handler is told at the next renewal, and no effect begins any more'),
  ),
  mutant(
    'lease: is let go of when the run ends',
    work('shop.leases.letGo(lease) //', '//'),
    byTest(SLOW, 'is 0 where nothing is worked on, and rises while a handler hangs, whatever the others do'),
  ),

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
    byLoop(),
  ),
  mutant('inbox F: what is over stays as it is', inbox("if (event.state !== 'open') continue", ''), byLoop()),
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
    'orders R: only the owner',
    orders('record?.owner === token ? next(record)', 'record?.owner !== undefined ? next(record)'),
    byLoop(),
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
    byLoop(),
  ),
  mutant(
    'loop S: each of them to its end',
    scheduler(
      'await takeOverAll(loop, new Map([suspect]))) await run(claimed)',
      'await takeOverAll(loop, new Map([suspect]))) void run(claimed)',
    ),
    byLoop(),
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
    byTest(TAKEN, 'an event that is done while the sweeper looks at it is not added again'),
  ),
  mutant(
    'loop sweeper: only what is open',
    sweeper("states.get(id) === 'open' ? readAgain", 'states.has(id) ? readAgain'),
    byLoop(),
  ),
]
