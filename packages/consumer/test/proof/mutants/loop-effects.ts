import type { Mutant } from '../mutant.ts'
import { byLoop, byTest, inConsumer, mutant } from './define.ts'

const effectKey = inConsumer('effect-key.ts')
const lane = inConsumer('lane.ts')
const lease = inConsumer('lease.ts')
const outcomeOf = inConsumer('outcome-of.ts')
const work = inConsumer('work.ts')
const LOOP = 'consumer/test/consume.test.ts'
const SLOW = 'consumer/test/slow-handlers.test.ts'
const CLOSING = 'consumer/test/closing.test.ts'

/** Guards of the real loop's effects and leases. */
export const LOOP_EFFECTS: readonly Mutant[] = [
  mutant(
    'loop E: only what is begun runs',
    lane('plan(record).filter(entry => entry.begun)', 'plan(record)'),
    byTest(
      'consumer/test/missing-answers.test.ts',
      'what came to an order whose claim had no answer does not run before it is begun',
    ),
  ),
  mutant('loop E: the lane stops at what is not finished', lane('if (!isFinished(entry, lane)) return', ''), byLoop()),
  mutant(
    'loop E: only while the lease surely holds',
    lane('!lane.lease.surelyHeld() ||', ''),
    byTest(
      'consumer/test/slow-handlers.test.ts',
      'because it was taken over: the handler is told at the next renewal, and no effect begins any more',
    ),
  ),
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
  mutant(
    'lease: ends by the monotonic clock',
    lease('monotonicMs() < lease.untilMs - marginMs()', 'true'),
    byTest(
      'consumer/test/slow-handlers.test.ts',
      'because the database refuses: the handler is told to stop before anybody else may begin',
    ),
  ),
  mutant(
    'lease: a margin for the clocks',
    lease('lease.untilMs - marginMs(),', 'lease.untilMs + leaseMs / 4,'),
    byTest(
      'consumer/test/slow-handlers.test.ts',
      'because the database refuses: the handler is told to stop before anybody else may begin',
    ),
  ),
  mutant(
    'lease: a handler whose lease ran out is told to stop',
    lease("if (!lease.surelyHeld()) lease.abort('the lease ran out')", ''),
    byTest(
      'consumer/test/slow-handlers.test.ts',
      'because the database refuses: the handler is told to stop before anybody else may begin',
    ),
  ),
  mutant('lease: is renewed', lease('if (due.length === 0) return', 'return'), byLoop()),
  mutant(
    'lease: a renewal counts from when it was sent',
    lease('lease.untilMs = sentAtMs + leaseMs', 'lease.untilMs = monotonicMs() + leaseMs'),
    byTest('consumer/test/missing-answers.test.ts', 'a renewal whose answer comes late counts from when it was sent'),
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
]
