import type { Db } from 'mongodb'
import { REDRIVE_ITEMS } from '../collections.ts'
import { safely } from '../errors.ts'
import type { RedriveItemDocument, RedriveItemState } from './document.ts'
import { type ItemStatus, type Looked, lookAfter } from './look.ts'

/** How many events of a redrive stand how. */
export interface RedriveCounts {
  /** Still to be given back. */
  planned: number
  /** Stay dead. */
  left: number
  running: number
  retrying: number
  waiting: number
  done: number
  stale: number
  dead_again: number
  gone: number
}

/** `note`: what has ended is noted, as the redrive's runner does. */
export async function progressOf(db: Db, id: string, options: { note: boolean }): Promise<RedriveCounts> {
  const stored = await storedCounts(db, id) // before what ends now is noted
  return countsOf(stored, await lookAfter(db, id, options))
}

function countsOf(stored: ReadonlyMap<RedriveItemState, number>, looked: Looked): RedriveCounts {
  const statuses = [...looked.values()]
  const now = (kind: ItemStatus['kind']) => statuses.filter(status => status.kind === kind).length
  const ended = (state: EndedState) => {
    const since = statuses.filter(status => status.kind === 'ended' && status.state === state).length
    return (stored.get(state) ?? 0) + since
  }
  return {
    planned: stored.get('planned') ?? 0,
    left: stored.get('left') ?? 0,
    running: now('running'),
    retrying: now('retrying'),
    waiting: now('waiting'),
    done: ended('done'),
    stale: ended('stale'),
    dead_again: ended('dead_again'),
    gone: ended('gone'),
  }
}

type EndedState = Extract<ItemStatus, { kind: 'ended' }>['state']

function storedCounts(db: Db, id: string): Promise<ReadonlyMap<RedriveItemState, number>> {
  return safely('storedCounts', async () => {
    const groups = await db
      .collection<RedriveItemDocument>(REDRIVE_ITEMS)
      .aggregate<{ _id: RedriveItemState; count: number }>([
        { $match: { redrive: id } },
        { $group: { _id: '$state', count: { $sum: 1 } } },
      ])
      .toArray()
    return new Map(groups.map(({ _id, count }) => [_id, count]))
  })
}
