import type { Mutant } from '../mutant.ts'
import { byLoop, byModel, byTest, inConsumer, inDelivery, inModel, mutant } from './define.ts'

const floors = inDelivery('floors.ts')
const progress = inDelivery('progress.ts')
const attempt = inConsumer('attempt.ts')
const lane = inConsumer('lane.ts')
const newState = inConsumer('new-state.ts')
const storeProgress = inConsumer('store-progress.ts')
const transaction = inConsumer('transaction.ts')
const effects = inModel('effects.ts')
const ownDatabase = inModel('own-database.ts')

const lease = inConsumer('lease.ts')

const TRANSACTIONAL = 'consumer/test/transactional.test.ts'
const STATE = 'consumer/test/kept-state.test.ts'

/** Guards of what an effect keeps of its order, and of effects in the service's own database. */
export const KEPT: readonly Mutant[] = [
  mutant(
    'raise: keeps what is returned',
    floors('const kept = state ?? floor?.state', 'const kept = floor?.state'),
    byModel(),
  ),
  mutant('raise: keeps what was kept', floors('const kept = state ?? floor?.state', 'const kept = state'), byModel()),
  mutant(
    'progress: only the owner',
    progress("if (record.owner !== token) return 'lost'", ''),
    byTest('delivery/test/progress.test.ts', 'is lost where the order is somebody else'),
  ),
  mutant(
    'progress: what is stored is not stored again',
    progress("if (!entry || effects.length === 0) return 'stored'", "if (!entry) return 'stored'"),
    byTest('delivery/test/progress.test.ts', 'is stored where an earlier write of it had no answer'),
  ),
  mutant('progress: the effect leaves its entry', progress('other === entry ? left : other', 'other'), byModel()),
  mutant(
    'progress: its floor rises',
    progress('floors: raise(record.floors, entry, effects, done.state)', 'floors: record.floors'),
    byModel(),
  ),
  mutant('progress: with what it returned', progress('effects, done.state)', 'effects)'), byModel()),
  mutant('progress: rev rises', progress('rev: record.rev + 1', 'rev: record.rev'), byModel()),
  mutant(
    'progress: planned is made anew',
    progress('record.planned ? { ...next, planned: floorsAfter(next) } : next', 'next'),
    byModel(),
  ),

  mutant(
    'E: what is returned is stored before F',
    effects(
      'const isStored = yield* storeProgress(site, lane, { id: entry.id, effect: effect.name, ...returned })',
      'const isStored = true',
    ),
    byModel(),
  ),
  mutant('E: an effect whose progress was lost is not done', effects('if (isStored) return', 'return'), byModel(2470)),
  mutant(
    'E: what is returned is handed on within the run',
    effects('floors = raise(floors, entry, [effect], state)', 'floors = raise(floors, entry, [effect])'),
    byModel(),
  ),
  mutant(
    'transaction: with the order record',
    ownDatabase(
      'store.transact(commit, () => target.execute({ event, effect, token: lane.token }))',
      '(target.execute({ event, effect, token: lane.token }), store.transact(commit, () => undefined))',
    ),
    byModel(),
  ),
  mutant(
    'transaction: the inbox only after the last effect',
    ownDatabase('...(isLast && { done: event.id })', 'done: event.id'),
    byModel(),
  ),
  mutant(
    'transaction: again where another write came between',
    ownDatabase("world.seen['transaction ran again']++", "return { kind: 'done' }"),
    byModel(),
  ),

  mutant(
    'loop E: what is returned is stored before F',
    attempt('if (!state) return attempted', 'return attempted'),
    byLoop(),
  ),
  mutant(
    'loop E: an effect whose progress was lost is not done',
    attempt("if (stored === 'stored') return attempted", 'return attempted'),
    byTest(STATE, 'by who lost the claim meanwhile is not kept, and the event is not done'),
  ),
  mutant(
    'loop E: a conflict stores what was returned again',
    storeProgress('if (written !== 1) continue', ''),
    byLoop(),
  ),
  mutant(
    'loop E: what is returned is handed on within the run',
    lane('floors = raise(floors, entry, [todo], state)', 'floors = raise(floors, entry, [todo])'),
    byLoop(),
  ),
  mutant(
    'loop E: a state is an object',
    newState("text.startsWith('{')", 'true'),
    byTest(STATE, 'that is no JSON object'),
  ),
  mutant(
    'loop E: a state has a size',
    newState('bytes > LARGEST_STATE_BYTES', 'false'),
    byTest(STATE, 'that is larger than a kilobyte'),
  ),
  mutant(
    'loop transaction: only the owner',
    transaction("if (!before || wanted === 'lost') throw new ClaimLost()", 'if (!before) throw new ClaimLost()'),
    byTest(TRANSACTIONAL, 'is not begun under a claim that is lost: the handler is not called'),
  ),
  mutant(
    'loop transaction: what is stored does not run again',
    transaction("if (wanted === 'stored')", 'if (false)'),
    byTest(TRANSACTIONAL, 'that is asked for once more when it is stored does not call its handler again'),
  ),
  mutant(
    'loop transaction: with the inbox',
    transaction('if (left?.effects.length === 0) {', 'if (false) {'),
    byTest(TRANSACTIONAL, 'says in the inbox, too, that the event is over'),
  ),
  mutant(
    'loop transaction: with the order record',
    transaction('if ((await orders.write([{ key, before, after }])) !== 1) throw new ClaimLost()', ''),
    byLoop(),
  ),
  mutant(
    'loop transaction: no renewal of its own lease comes between',
    lease('({ renewed, untilMs }) => renewed && untilMs', '({ untilMs }) => untilMs'),
    byTest(TRANSACTIONAL, 'is not made to run again by the renewals of its own lease'),
  ),
  mutant(
    'loop transaction: a fresh lease before it',
    transaction('await lane.lease.refresh()', ''),
    byTest(TRANSACTIONAL, 'has its whole time again where another write came between'),
  ),
  mutant(
    'loop transaction: the inbox only after the last effect',
    transaction('if (left?.effects.length === 0) {', 'if (true) {'),
    byLoop(),
  ),
]
