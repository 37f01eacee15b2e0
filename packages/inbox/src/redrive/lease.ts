import { randomUUID } from 'node:crypto'
import type { Db } from 'mongodb'
import { REDRIVES } from '../collections.ts'
import { safely } from '../errors.ts'
import { serverNow } from '../server-now.ts'
import type { RedriveDocument, RedriveState } from './document.ts'

/** After a runner was killed nobody else may go on for so long. */
const LEASE_MS = 10_000

/** The right to work on one redrive: one runner at a time has it. */
export interface RedriveLease {
  readonly redrive: RedriveDocument
  /** For another while; asked between two writes. */
  renew(): Promise<'held' | 'pause asked' | 'lost'>
  /** What is reached; the lease is kept. */
  reach(state: RedriveState): Promise<void>
  /** No more of it. */
  letGo(state: RedriveState): Promise<void>
}

export type LeaseAnswer =
  | { kind: 'held'; lease: RedriveLease }
  /** `forMs`: until its lease runs out, unless it is renewed. */
  | { kind: 'taken'; by: string; forMs: number }
  | { kind: 'ended' }
  | { kind: 'unknown' }

/** Takes the lease where nobody has it, by the server's clock; a pause that was asked for is over. `name`: who runs. */
export function takeLease(db: Db, id: string, name: string): Promise<LeaseAnswer> {
  const redrives = db.collection<RedriveDocument>(REDRIVES)
  const token = randomUUID()
  return safely('takeLease', async () => {
    const isFree = { $or: [{ $eq: [{ $type: '$runner' }, 'missing'] }, { $lte: ['$runner.until', '$$NOW'] }] }
    const redrive = await redrives.findOneAndUpdate(
      { _id: id, state: { $ne: 'ended' }, $expr: isFree },
      [
        { $set: { runner: { token, name: { $literal: name }, until: UNTIL } } },
        { $set: { state: { $cond: [{ $eq: ['$state', 'paused'] }, 'running', '$state'] } } },
        { $unset: 'pause_asked_by' },
      ],
      { returnDocument: 'after' },
    )
    if (redrive) return { kind: 'held', lease: leaseOf(db, redrive, token) }
    const found = await redrives.findOne({ _id: id })
    if (!found) return { kind: 'unknown' }
    if (found.state === 'ended') return { kind: 'ended' }
    const untilMs = found.runner?.until.getTime() ?? 0
    return { kind: 'taken', by: found.runner?.name ?? '', forMs: Math.max(0, untilMs - (await serverNow(db))) }
  })
}

/** How long from now a lease lasts. */
const UNTIL = { $add: ['$$NOW', LEASE_MS] }

function leaseOf(db: Db, redrive: RedriveDocument, token: string): RedriveLease {
  const redrives = db.collection<RedriveDocument>(REDRIVES)
  const ours = { _id: redrive._id, 'runner.token': token }
  return {
    redrive,
    renew: () =>
      safely('renew', async () => {
        const options = { projection: { pause_asked_by: 1 } }
        const renewed = await redrives.findOneAndUpdate(ours, [{ $set: { 'runner.until': UNTIL } }], options)
        if (!renewed) return 'lost'
        return renewed.pause_asked_by === undefined ? 'held' : 'pause asked'
      }),
    reach: state => safely('reach', async () => void (await redrives.updateOne(ours, { $set: { state } }))),
    letGo: state =>
      safely('letGo', async () => {
        const ended_at = state === 'ended' ? new Date(await serverNow(db)) : undefined
        await redrives.updateOne(ours, {
          $set: { state, ...(ended_at && { ended_at }) },
          $unset: { runner: true, pause_asked_by: true },
        })
      }),
  }
}

/** `asked`: its runner pauses before its next write. `paused`: nobody ran it. `over`: everything was given back. */
export type PauseAnswer = 'asked' | 'paused' | 'over' | 'unknown'

export function askPause(db: Db, id: string, by: string): Promise<PauseAnswer> {
  const redrives = db.collection<RedriveDocument>(REDRIVES)
  return safely('askPause', async () => {
    const runs = { $gt: ['$runner.until', '$$NOW'] } // a missing one is below every date
    const asked = await redrives.findOneAndUpdate(
      { _id: id, state: { $in: ['running', 'paused'] } },
      [
        { $set: { state: { $cond: [runs, '$state', 'paused'] } } },
        { $set: { pause_asked_by: { $cond: [runs, { $literal: by }, '$$REMOVE'] } } },
      ],
      { returnDocument: 'after' },
    )
    if (asked) return asked.pause_asked_by === undefined ? 'paused' : 'asked'
    return (await redrives.findOne({ _id: id })) ? 'over' : 'unknown'
  })
}
