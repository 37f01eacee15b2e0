import type { Mutant } from '../mutant.ts'
import { byModel, inModel, mutant } from './define.ts'

const work = inModel('work.ts')
const store = inModel('store.ts')

/** Guards of F and R, as the model has them: what is written under which condition. */
export const MODEL_RELEASE: readonly Mutant[] = [
  mutant(
    'F before R',
    [
      work(
        'yield* writeFacts(site, lanes)\n    gap(site)\n    lanes = yield* release(site, lanes)',
        'const before = lanes\n    lanes = yield* release(site, lanes)\n    gap(site)\n    yield* writeFacts(site, before)',
      ),
    ],
    byModel(),
  ),
  mutant(
    'F: only what is finished',
    work(
      'lane.run.filter(entry => isFinished(lane, entry)).map',
      'lane.run.filter(entry => lane.outcomes.has(entry.id)).map',
    ),
    byModel(),
  ),
  mutant('F: what is over stays as it is', store("if (inbox.get(event) !== 'open') return", ''), {
    kind: 'nothing',
    why: 'it is done by then: only the word in the inbox would change; the suite of the ports holds adapters to it',
  }),
  mutant('F: stale only where the whole event was', work('wholeEvent && kinds', 'kinds'), byModel()),
  mutant(
    'R at once: only the owner',
    store(
      'if (record?.owner !== token || !record.planned) return false',
      'if (!record?.owner || !record.planned) return false',
    ),
    byModel(),
  ),
  mutant(
    'R at once: only where it is still planned',
    [
      store(
        'if (record?.owner !== token || !record.planned) return false',
        'if (record?.owner !== token) return false',
      ),
      store('floors: planned, known', 'floors: planned ?? record.floors, known'),
    ],
    byModel(),
  ),
  mutant('R at once: planned becomes floors', store('floors: planned, known', 'known'), byModel()),
  mutant('R at once: makes known', store('floors: planned, known: true', 'floors: planned'), byModel()),
  mutant('R at once: rev rises', store('rev: record.rev + 1, floors', 'floors'), byModel()),
  mutant(
    'R at once: only what went well',
    work('lane.record.planned && lane.run.every(entry => isFinished(lane, entry))', 'lane.record.planned'),
    byModel(),
  ),
  mutant(
    'R at once: what did not match is settled',
    work('continue\n      }\n    }\n    singly', 'continue\n      }\n      continue\n    }\n    singly'),
    byModel(),
  ),
  mutant(
    'R singly: a conflict reads again',
    work('if (!written) continue', 'if (!written) return undefined'),
    byModel(),
  ),
  mutant('R singly: goes on with what may run', work('if (next) goOn.push(next)', ''), byModel()),
  mutant(
    'R singly: the new lease is counted from before its write',
    work(
      'return after.owner === token ? newLane(lane.order, token, after, leasedAt) : undefined',
      '{ yield; yield; return after.owner === token ? newLane(lane.order, token, after, world.now) : undefined }',
    ),
    byModel(780),
  ),
]
