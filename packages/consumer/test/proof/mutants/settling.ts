import type { Mutant } from '../mutant.ts'
import { byModel, byTest, inDelivery, mutant } from './define.ts'

const settle = inDelivery('settle.ts')

const UNFINISHED = 'delivery/test/settle-unfinished.test.ts'
const RETRIES = 'delivery/test/settle-retries.test.ts'

/** Guards of the pure decision at the end of a run. */
export const SETTLING: readonly Mutant[] = [
  mutant('settle: only the owner', settle('if (record.owner !== end.ranUnder) return undefined', ''), byModel()),
  mutant('settle: done effects raise their floors', settle('floors = raise(floors, entry, done)', ''), byModel()),
  mutant(
    'settle: a stale effect raises no floor',
    settle("kind(effect.name) === 'done'),\n", 'kind(effect.name) !== undefined),\n'),
    byModel(),
  ),
  mutant(
    'settle: finished effects leave their entry',
    settle('effects: left }, attempted', 'effects: entry.effects }, attempted'),
    byModel(),
  ),
  mutant(
    'settle: finished entries leave',
    settle('if (attempted && left.length === 0 && isOver(attempted)) {', 'if (false) {'),
    byTest('delivery/test/settle.test.ts', 'leaves, its floors rise and the order is free'),
  ),
  mutant('settle: what the inbox is not told of stays', settle(' && isOver(attempted)) {', ') {'), byModel(2180)),
  mutant(
    'settle: what was not reached stays',
    settle('if (attempted && left.length === 0 && isOver(attempted)) {', 'if (left.length === 0 || !attempted) {'),
    byModel(),
  ),
  mutant('settle: the creating event makes known', settle('known ||= entry.creating', ''), byModel()),
  mutant(
    'settle: only the creating event makes known',
    settle('known ||= entry.creating', 'known = true'),
    byTest('delivery/test/settle.test.ts', 'makes nothing known where it is not the creating one'),
  ),
  mutant(
    'settle: nothing is begun any more',
    settle("{ ...without(entry, 'begun'), effects: left }", '{ ...entry, effects: left }'),
    byModel(),
  ),
  mutant(
    'settle: an unknown outcome makes unsure',
    settle("...(left.some(outcome => outcome.kind === 'unknown') && { unsure: true as const }),", ''),
    byModel(),
  ),
  mutant(
    'settle: an unsure one stays unsure',
    settle(
      "...(left.some(outcome => outcome.kind === 'unknown') && { unsure: true as const }),",
      "unsure: left.some(outcome => outcome.kind === 'unknown') || undefined,",
    ),
    byModel(),
  ),
  mutant(
    'settle: the owner is removed while it backs off',
    settle("without(next, 'owner', 'planned')", "without(next, 'planned')"),
    byModel(),
  ),
  mutant(
    'settle: planned is removed while it backs off',
    settle("without(next, 'owner', 'planned')", "without(next, 'owner')"),
    byModel(),
  ),
  mutant(
    'settle: a worker that ends hands over',
    settle('end.last === true && plan(free).length > 0', 'false'),
    byTest('delivery/test/settle.test.ts', 'is due at once for somebody else where its worker ends'),
  ),
  mutant(
    'settle: hands over only what may run',
    settle('end.last === true && plan(free).length > 0', 'end.last === true'),
    byModel(),
  ),
  mutant(
    'settle: a permanent refusal is dead',
    settle('permanent[0] && permanent.length === entry.effects.length', 'permanent[0] && false'),
    byModel(),
  ),
  mutant(
    'settle: not while another effect is left',
    settle('permanent[0] && permanent.length === entry.effects.length', 'permanent[0]'),
    byTest(UNFINISHED, 'waits for its sibling that is tried again'),
  ),
  mutant(
    'settle: what is used up is dead',
    settle('if (tried && attempts.every(', 'if (false && attempts.every('),
    byTest(UNFINISHED, 'and says why, with what is left of it'),
  ),
  mutant(
    'settle: not before its own time',
    settle('return tried_ms >= limits.deadAfterMs ||', 'return true ||'),
    byModel(),
  ),
  mutant(
    'settle: as long as one effect has attempts left',
    settle('tried && attempts.every(', 'tried && attempts.some('),
    byTest(RETRIES, 'live as long as one of them has attempts left'),
  ),
  mutant(
    'settle: not after more attempts than the effect wants',
    settle(' || tries >= (limits.maxAttempts ?? Number.POSITIVE_INFINITY)', ''),
    byTest(RETRIES, 'is dead after so many attempts'),
  ),
  mutant(
    'settle: the longest back-off is what is waited',
    settle('wait = Math.max(...backOffs', 'wait = Math.max(backOffs[0] ?? 0'),
    byTest(RETRIES, 'and wait for the longer back-off'),
  ),
  mutant('settle: counts a try', settle('tries: entry.tries + 1', 'tries: entry.tries'), byModel()),
  mutant(
    'settle: an outage is no try',
    settle("outcome.kind === 'retry' || outcome.kind === 'unknown')", "outcome.kind !== 'permanent')"),
    byTest(UNFINISHED, 'backs off without a try'),
  ),
  mutant(
    'settle: backs off',
    settle('backOffMs: wait }', 'backOffMs: 0 }'),
    byTest(UNFINISHED, 'counts a try and backs off'),
  ),
  mutant(
    'settle: the back-off of an outage grows',
    settle('outageMaxMs(policy) }, outages, jitter)', 'outageMaxMs(policy) }, 1, jitter)'),
    byTest(UNFINISHED, 'that goes on backs off twice as long each time, up to its own limit'),
  ),
  mutant(
    'settle: an outage backs off no longer than its own limit',
    settle('Math.min(backOff.maxMs, outageBackOffMaxMs)', 'backOff.maxMs'),
    byModel(),
  ),
  mutant(
    'settle: the target says when',
    settle(', ...left.map(retryAfterMs))', ')'),
    byTest(UNFINISHED, 'waits as long as the target asks, where that is longer'),
  ),
  mutant(
    'settle: an attempt that came back forgives lost leases',
    settle('lost_leases: 0, //', '//'),
    byTest(UNFINISHED, 'an attempt that came back alive forgives the leases that were lost before'),
  ),
]
