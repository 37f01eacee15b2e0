import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Step } from '@hookline/consumer/loop'
import { expect, test } from 'vitest'
import { waitFor } from '../../src/wait-for.ts'
import { armoury } from './armoury.ts'
import { type Ledger, startLedger } from './ledger.ts'

/** Before, within and after the transaction; each process of the service is killed at each of its own. */
const POINTS: readonly (readonly Step[])[] = [
  ['effect_begun', 'progress_stored', 'claimed'],
  ['progress_stored', 'effect_ended', 'facts_stored'],
]
const LIMIT_MS = 90_000
const ENV = { LEASE_MS: '3000', KAFKA_SESSION_TIMEOUT_MS: '3000', BACKOFF_MIN_MS: '200', BACKOFF_MAX_MS: '1000' }

test('kill -9 before, within and after a transaction: each event has its row, none has two, and no sum is wrong', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'hookline-ledger-'))
  const weapons = armoury(dir)
  const ledger = await startLedger(POINTS.length, { ...ENV, ...weapons.env })
  let sent = 0

  async function kill(n: number, point: Step): Promise<void> {
    const { pid } = ledger.instance(n)
    const id = await weapons.arm(ledger.instance(n), { point, nth: 2, signal: 'SIGKILL' })
    const bitten = async () => {
      sent = Math.max(sent, await ledger.sendOrder())
      return await weapons.markOf(ledger.instance(n), id)
    }
    await waitFor(`a kill at ${point}`, bitten, { limitMs: LIMIT_MS })
    const back = async () => (ledger.instance(n).pid === pid ? undefined : true)
    await waitFor('its replacement', back, { limitMs: LIMIT_MS })
  }

  try {
    await Promise.all(
      POINTS.map(async (points, n) => {
        for (const point of points) await kill(n, point)
      }),
    )
    await settled(ledger, sent)
    expect(await repeated(ledger)).toEqual([])
    expect(await ledger.db.collection('rows').countDocuments()).toBe(sent)
    const totals = await ledger.db.collection('totals').find().toArray()
    expect(totals.map(({ events }) => events)).toEqual(totals.map(() => sent / totals.length))
  } finally {
    await ledger.close()
    await rm(dir, { recursive: true, force: true })
  }
})

/** Every event is done, and every order at rest with the state that its events made. */
async function settled({ db }: Ledger, sent: number): Promise<void> {
  const done = async () => {
    const [finished, busy] = await Promise.all([
      db.collection('webhook_events').countDocuments({ state: 'done' }),
      db.collection('orders').countDocuments({ $or: [{ 'lane.0': { $exists: true } }, { owner: { $exists: true } }] }),
    ])
    return finished === sent && busy === 0 ? true : undefined
  }
  await waitFor('all events to be done', done, { limitMs: LIMIT_MS, everyMs: 200 })
}

async function repeated({ db }: Ledger): Promise<readonly unknown[]> {
  const byEvent = { _id: { order_id: '$order_id', event: '$event' }, rows: { $sum: 1 } }
  return await db
    .collection('rows')
    .aggregate([{ $group: byEvent }, { $match: { rows: { $ne: 1 } } }])
    .toArray()
}
