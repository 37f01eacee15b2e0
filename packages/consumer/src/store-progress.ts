import { type DoneEffect, progress } from '@hookline/delivery'
import type { Lane } from './lane.ts'
import type { Loop } from './loop.ts'
import { reached } from './steps.ts'

/**
 * E: writes down at once that an effect is done, with what it returned to be kept: read, decide, write by `{_id, rev}`;
 * conflict: read again; another owner: lost. Rejects only when the service ends.
 */
export async function storeProgress({ orders, store }: Loop, lane: Lane, done: DoneEffect): Promise<'stored' | 'lost'> {
  const { key, token } = lane.lease
  for (;;) {
    const records = await store.persist(() => orders.read([key]))
    const before = records.get(key)
    const after = before ? progress(before, done, token) : 'lost'
    if (!before || after === 'lost') return 'lost'
    const written = after === 'stored' ? 1 : await store.once(() => orders.write([{ key, before, after }]))
    if (written !== 1) continue
    reached('progress_stored')
    return 'stored'
  }
}
