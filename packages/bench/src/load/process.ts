import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'
import type { FromLoad, LoadPlan, Sample, SenderSecret, ToLoad } from './plan.ts'

// A process of its own, so that what it costs to make the load is not in what is measured.

const ANSWER_WITHIN_MS = 10_000

let secrets: readonly SenderSecret[] = []

process.on('message', (message: ToLoad) => {
  switch (message.kind) {
    case 'start':
      secrets = message.plan.secrets
      return void run(message.plan)
    case 'use':
      secrets = message.secrets
  }
})
// without the bench nobody would end it
process.on('disconnect', () => process.exit(1))
await tell({ kind: 'ready' })

function tell(message: FromLoad): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve()))
  })
}

/** Each request at its time, whether or not those before it are answered. */
async function run({ url, ratePerS, forMs, connections, addresses, orders }: LoadPlan): Promise<void> {
  const each = Math.max(1, Math.floor(connections / addresses.length))
  const pools = addresses.map(
    localAddress =>
      new Pool(url, {
        connections: each,
        localAddress,
        bodyTimeout: ANSWER_WITHIN_MS,
        headersTimeout: ANSWER_WITHIN_MS,
      }),
  )
  const count = Math.round((ratePerS * forMs) / 1_000)
  const samples: Sample[] = []
  const pending: Promise<void>[] = []
  const start = Date.now()

  async function one(n: number, dueMs: number): Promise<void> {
    const { id, secret } = secrets[n % secrets.length] ?? { id: '', secret: '' }
    const status = await post(pools[n % pools.length] ?? poolless(), bodyOf(`${orders}-${n}`), secret)
    samples.push({ dueMs, tookMs: performance.timeOrigin + performance.now() - dueMs, status, secret: id })
  }

  for (let n = 0; n < count; n++) {
    const dueMs = start + (n * 1_000) / ratePerS
    const early = dueMs - (performance.timeOrigin + performance.now())
    if (early > 0) await delay(early)
    pending.push(one(n, dueMs))
  }
  await Promise.all(pending)
  await Promise.all(pools.map(pool => pool.close()))
  await tell({ kind: 'done', samples })
}

async function post(pool: Pool, body: string, secret: string): Promise<number> {
  try {
    const headers = { 'content-type': 'application/json', 'x-webhook-secret': secret }
    const answer = await pool.request({ method: 'POST', path: '/webhooks/points', headers, body })
    await answer.body.dump()
    return answer.statusCode
  } catch {
    return 0
  }
}

function poolless(): never {
  throw new Error('the plan has no address')
}

/** A webhook of about 600 bytes, as Points sends them. */
function bodyOf(orderId: string): string {
  return JSON.stringify({
    event: 'approved',
    order: {
      id: orderId,
      reference_number: 'REF-20260301-000001',
      order_number: 'SO-1000001',
      type: 'earning',
      total_price: 1249.5,
      total_points: 1249,
      payment_status: 'fully_paid',
      order_status: 'approved',
      metadata: { channel: 'web', note: 'ن'.repeat(60) },
      created_at: '2026-03-01T10:00:00Z',
      updated_at: '2026-03-01T10:00:00Z',
    },
    timestamp: '2026-03-01T10:00:00Z',
  })
}
