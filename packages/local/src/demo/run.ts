import type { Stack } from '../stack.ts'
import { waitFor } from '../wait-for.ts'
import type { Kill } from './check-requests.ts'
import { isAck } from './evidence.ts'
import { type Gauges, watchGauges } from './gauges.ts'
import { type Judgement, judge } from './judge.ts'
import { type LedgerReader, ledgerReader, readOrders } from './ledgers.ts'
import { type Plan, planOf } from './plan.ts'
import type { Progress } from './progress.ts'
import { seededRandom } from './random.ts'
import { sabotage } from './sabotage.ts'
import type { SabotageName } from './sabotage-name.ts'
import { send, type SentRequest } from './sender.ts'
import { settled } from './settled.ts'
import { type Trouble, troubles } from './troubles.ts'
import { showProgress } from './show-progress.ts'

export interface RunOptions {
  readonly orders: number
  readonly seed: number
  readonly sabotage: SabotageName | undefined
  readonly stack: Stack
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** One run as it goes on. */
export interface Run extends Omit<RunOptions, 'orders'> {
  readonly plan: Plan
  readonly sent: SentRequest[]
  readonly kills: Kill[]
  readonly ledger: LedgerReader
  readonly gauges: Gauges
  /** What is going on, for the person who watches. */
  readonly doing: Set<string>
  /** Deliveries that are answered, or given up. */
  delivered: number
}

const SENDING = 'senders deliver'
const DELIVERIES_PER_SECOND = 160
const SHORTEST_SENDING_MS = 8_000
const TROUBLE_LIMIT_MS = 300_000

/** Sends the plan's webhooks while things go wrong, waits until the targets have seen all of it, and judges. */
export async function runDemo({ orders: count, ...options }: RunOptions): Promise<Judgement> {
  const { seed, stack, progress } = options
  const plan = planOf({ seed, orders: count, nowMs: Date.now() })
  const over = new AbortController()
  const run: Run = {
    ...options,
    signal: AbortSignal.any([options.signal, over.signal]),
    plan,
    sent: [],
    kills: [],
    ledger: ledgerReader(stack.info.sandbox),
    gauges: watchGauges(stack.info),
    doing: new Set([SENDING]),
    delivered: 0,
  }
  const showing = showProgress(run)
  try {
    await sendAll(run)
    run.doing.add('waiting for the last effects')
    const ended = await settled(run)
    run.doing.clear()
    progress.note(ended === 'complete' ? 'every effect is there, and all is quiet' : 'nothing moves any more')
    const orderIds = plan.orders.map(order => order.id)
    const orders = await readOrders(stack.info.sandbox, orderIds)
    return judge({ ...run, ledgers: run.ledger.ledgers, orders })
  } finally {
    over.abort(new Error('the run is over'))
    await showing
    await run.gauges.close()
  }
}

async function sendAll(run: Run): Promise<void> {
  const { stack, plan, signal, sent, progress } = run
  const note = (text: string) => progress.note(text)
  const acked = () => sent.filter(({ status }) => isAck(status)).length
  const broken = run.sabotage && (await sabotage(run.sabotage, { stack, plan, signal, note, acked }))
  const sending = send(plan, {
    ingress: stack.info.ingress,
    sources: stack.info.sources,
    sendingMs: Math.max(SHORTEST_SENDING_MS, (plan.deliveries.length / DELIVERIES_PER_SECOND) * 1_000),
    signal,
    ...(broken?.before && { before: broken.before }),
    onRequest: request => sent.push(request),
    onDelivered: () => run.delivered++,
  })
  // what is broken on purpose must be what is found: nothing else goes wrong beside it
  const random = seededRandom(run.seed)
  const onKill = (kill: Kill) => run.kills.push(kill)
  const planned = broken ? [] : troubles({ stack, random, signal, note, onKill })
  const sentAll = async () => {
    await sending
    run.doing.delete(SENDING)
    note(`all ${plan.deliveries.length} deliveries are sent`)
  }
  await Promise.all([sentAll(), ...planned.map(line => makeTrouble(line, run))])
}

async function makeTrouble(planned: readonly Trouble[], run: Run): Promise<void> {
  const { plan, signal, doing } = run
  for (const trouble of planned) {
    const due = async () => (run.delivered >= trouble.after * plan.deliveries.length ? true : undefined)
    await waitFor('so many deliveries', due, { limitMs: TROUBLE_LIMIT_MS, signal })
    doing.add(trouble.now)
    await trouble.happen()
    doing.delete(trouble.now)
  }
}
