import type { Mutant } from '../mutant.ts'
import { byLoop, byTest, inConsumer, mutant } from './define.ts'

const accept = inConsumer('accept.ts')
const claim = inConsumer('claim.ts')
const consume = inConsumer('consume.ts')
const readRecord = inConsumer('read-record.ts')
const sentClaims = inConsumer('sent-claims.ts')

const LOOP = 'consumer/test/consume.test.ts'
const LATE = 'consumer/test/late-answers.test.ts'
const POISON = 'consumer/test/poison.test.ts'
const MISSING = 'consumer/test/missing-answers.test.ts'
const SOURCE_DOES_NOT_WAIT = consume(
  'for (const claimed of await acceptSlice(loop, slice)) void run(claimed)',
  'void acceptSlice(loop, slice).then(all => { for (const claimed of all) void run(claimed) }, () => {})',
)

/** Guards of the real loop from a slice of records to claims. */
export const LOOP_INTAKE: readonly Mutant[] = [
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
  mutant(
    'loop A: what is open goes on',
    accept("(state === 'new' || state === 'open')", "state === 'new'"),
    byTest(LOOP, 'what is open in the inbox and comes again goes on at once, before the sweeper looks'),
  ),
  mutant('loop G: after A and B', SOURCE_DOES_NOT_WAIT, byLoop()),
  mutant('loop B: a conflict reads the states again', claim("states.get(id) === 'open'", 'true'), byLoop()),
  mutant(
    'loop B: a conflict reads the records again',
    claim('known = await store.persist(() => orders.read(writes.map(({ key }) => key)))', 'void known'),
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
]
