import { setTimeout as delay } from 'node:timers/promises'
import { CONSUMERS } from './judged.ts'
import { isAck } from './evidence.ts'
import type { Snapshot } from './progress.ts'
import type { Run } from './run.ts'

const EVERY_MS = 250

/** Shows how the run stands until it is over. */
export async function showProgress(run: Run): Promise<void> {
  while (!run.signal.aborted) {
    await run.ledger.read().catch(() => {}) // whoever needs the ledgers reads them too, and fails aloud
    run.progress.show(snapshotOf(run))
    await delay(EVERY_MS, undefined, { signal: run.signal }).catch(() => {}) // over
  }
}

function snapshotOf({ plan, sent, stack, ledger: { ledgers }, gauges, doing, delivered }: Run): Snapshot {
  const lately = Date.now() - 1_000
  const seen = { 'erp-sync': ledgers.erp.length, email: ledgers.mail.length, wms: ledgers.wms.length }
  return {
    requests: sent.length,
    deliveries: { done: delivered, all: plan.deliveries.length },
    acked: sent.filter(({ status }) => isAck(status)).length,
    refused: sent.filter(({ status }) => status === 401).length,
    perSecond: sent.filter(({ answeredAt }) => answeredAt > lately).length,
    services: CONSUMERS.map(name => ({ name, pid: stack.pid(name), seen: seen[name], ...gauges.of(name) })),
    now: [...doing].join(', '),
  }
}
