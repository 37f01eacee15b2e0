import { type Connection, connection } from './connection.ts'
import { ledger } from './ledger.ts'
import { closedLoop, openLoop, type Send } from './loops.ts'
import type { FromLoad, LoadPlan, SenderSecret, ToLoad } from './plan.ts'
import { WEBHOOK_ROOM_BYTES, webhooks } from './webhooks.ts'

// A process of its own, so that what it costs to make the load is not in what is measured.

const ANSWER_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 500
/** No machine answers more. */
const MOST_PER_MS = 200

let use: (secrets: readonly SenderSecret[]) => void = () => {}

process.on('message', (message: ToLoad) => {
  switch (message.kind) {
    case 'start':
      return void run(message.plan)
    case 'use':
      use(message.secrets)
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

async function run(plan: LoadPlan): Promise<void> {
  const { url, forMs, connections, addresses, orders } = plan
  const { host, hostname, port } = new URL(url)
  const made = (secrets: readonly SenderSecret[]) =>
    secrets.map(({ id, secret }) => ({ id, requests: webhooks({ host, orders, secret }) }))
  let inUse = made(plan.secrets)
  use = secrets => (inUse = made(secrets))

  const each = Math.max(1, Math.floor(connections / addresses.length))
  const lines = Array.from({ length: each }, () =>
    addresses.map(localAddress => ({
      connection: connection({ host: hostname, port: Number(port), localAddress }),
      room: Buffer.allocUnsafe(WEBHOOK_ROOM_BYTES),
    })),
  ).flat()
  await Promise.all(lines.map(one => one.connection.open()))
  const looking = setInterval(() => giveUpBefore(performance.now() - ANSWER_WITHIN_MS), LOOK_EVERY_MS)
  function giveUpBefore(beforeMs: number): void {
    for (const { connection: one } of lines) if ((one.waitingSinceMs() ?? Infinity) < beforeMs) one.destroy()
  }

  const kept = ledger(plan.loop === 'open' ? Math.round((plan.ratePerS * forMs) / 1_000) : forMs * MOST_PER_MS)
  const send: Send<{ connection: Connection; room: Buffer }> = (line, { n, order, step, dueMs }, answered) => {
    const used = inUse[n % inUse.length]
    if (used === undefined) throw new Error('the plan has no secret')
    kept.sent(n, dueMs, used.id)
    line.connection.send(used.requests.write(line.room, order, step), status => {
      kept.answered(n, dueMs, status)
      answered()
    })
  }
  if (plan.loop === 'open')
    await openLoop(lines, { ratePerS: plan.ratePerS, forMs, maxLateMs: plan.maxLateMs ?? Infinity, send })
  else await closedLoop(lines, { forMs, send })
  clearInterval(looking)
  const answers = kept.answers()
  for (const { connection: one } of lines) one.destroy()
  await tell({ kind: 'done', answers })
}
