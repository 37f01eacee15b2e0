import type { ConsumerName } from './judged.ts'
import type { Stack } from '../stack.ts'
import { waitFor } from '../wait-for.ts'
import type { Kill } from './check-requests.ts'
import type { Target } from './expectations.ts'
import type { Random } from './random.ts'

/** Something that goes wrong on purpose. */
export interface Trouble {
  /** It begins when so much of the sending is done (0 to 1), and the trouble before it is over. */
  readonly after: number
  /** For the person who watches, while it lasts. */
  readonly now: string
  /** Resolves when it is over. */
  happen(): Promise<void>
}

export interface TroublesOptions {
  readonly stack: Stack
  readonly random: Random
  readonly signal: AbortSignal
  readonly note: (text: string) => void
  readonly onKill: (kill: Kill) => void
}

const ERP_DOWN_MS = 4_000
/** Fewer in a row than open the circuit breaker: a service that asks nothing loses no answer. */
const LOST_ANSWERS = 4
const SLOW_MS = 400
const SLOW_FOR_MS = 3_000
const BITE_LIMIT_MS = 20_000
const RESTART_LIMIT_MS = 60_000

const TARGET_OF: Readonly<Record<ConsumerName, Target>> = { 'erp-sync': 'erp', email: 'mail', wms: 'wms' }

/**
 * What the demo does to the stack: the ERP fails in two ways, and a consumer is killed while its requests are open.
 * Lists side by side, each one trouble after the other: a target has one fault at a time.
 */
export function troubles(options: TroublesOptions): readonly (readonly Trouble[])[] {
  const victim = options.random.pick<ConsumerName>(['erp-sync', 'email', 'wms'])
  const erp = [
    { after: 0.1, now: 'ERP breaks connections before the answer', happen: () => answersLost(options) },
    { after: 0.25, now: 'ERP is down', happen: () => erpDown(options) },
  ]
  const killed = { after: 0.5, now: `${victim} is killed`, happen: () => kill(victim, options) }
  return victim === 'erp-sync' ? [[...erp, killed]] : [erp, [killed]]
}

async function erpDown(options: TroublesOptions): Promise<void> {
  options.note(`ERP is down for ${ERP_DOWN_MS / 1_000} s`)
  await putFault(options.stack, 'erp', { mode: 'down', for_ms: ERP_DOWN_MS })
  await faultOver('erp', options)
  options.note('ERP is up again')
}

async function answersLost(options: TroublesOptions): Promise<void> {
  options.note(`ERP does the work of ${LOST_ANSWERS} requests and breaks the connection before the answer`)
  await putFault(options.stack, 'erp', { mode: 'drop-answer', count: LOST_ANSWERS, for_ms: BITE_LIMIT_MS })
  await faultOver('erp', options)
}

/** A slow target first, so that requests are open at the kill. */
async function kill(victim: ConsumerName, options: TroublesOptions): Promise<void> {
  const { stack, note, signal } = options
  const target = TARGET_OF[victim]
  const { bites } = await putFault(stack, target, { mode: 'slow', delay_ms: SLOW_MS, for_ms: SLOW_FOR_MS })
  const open = async () => {
    const state = await getFault(stack, target)
    return state.bites > bites || state.fault.mode === 'ok' ? true : undefined
  }
  await waitFor('an open request', open, { limitMs: BITE_LIMIT_MS, signal, everyMs: 20 })
  const pid = stack.pid(victim)
  options.onKill({ target, atMs: Date.now() })
  if (!stack.kill(victim, 0, 'SIGKILL')) throw new Error(`${victim} does not run: it cannot be killed`)
  note(`${victim} killed with SIGKILL (pid ${pid})`)
  const back = async () => (stack.pid(victim) === pid ? undefined : true)
  await waitFor(`a new process of ${victim}`, back, { limitMs: RESTART_LIMIT_MS, signal })
  note(`${victim} runs again (pid ${stack.pid(victim)})`)
}

interface FaultState {
  readonly fault: { readonly mode: string }
  readonly bites: number
}

async function faultOver(target: Target, { stack, signal }: TroublesOptions): Promise<void> {
  const over = async () => ((await getFault(stack, target)).fault.mode === 'ok' ? true : undefined)
  await waitFor(`the end of the fault at ${target}`, over, { limitMs: 2 * BITE_LIMIT_MS, signal })
}

function getFault(stack: Stack, target: Target): Promise<FaultState> {
  return ask(stack, target, {})
}

function putFault(stack: Stack, target: Target, fault: object): Promise<FaultState> {
  const headers = { 'content-type': 'application/json' }
  return ask(stack, target, { method: 'PUT', headers, body: JSON.stringify(fault) })
}

async function ask(stack: Stack, target: Target, request: RequestInit): Promise<FaultState> {
  const answer = await fetch(`${stack.info.sandbox[target]}/faults`, request)
  if (!answer.ok) throw new Error(`the ${target} sandbox answers ${answer.status}`)
  const state: FaultState = JSON.parse(await answer.text())
  return state
}
