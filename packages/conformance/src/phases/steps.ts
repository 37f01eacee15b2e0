import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { type Step, STEPS } from '@hookline/consumer/loop'
import { catalogues } from '@hookline/contracts'
import { freePort } from '@hookline/local'
import type { SuiteOrder } from '../events/order.ts'
import { seenFile, stepFile } from '../stage/step-files.ts'
import type { Suite } from '../suite.ts'
import type { Script } from '../targets/request.ts'
import { CRASH_ENV, type Kill } from './crash.ts'
import { loadOf } from './rebalance.ts'

/** Processes at a time: a kill is healed only when the group has noticed it, and so several are noticed together. */
const AT_A_TIME = 5
const BITES_WITHIN_MS = 30_000
const GARBAGE_EVERY_MS = 500
const LOAD_EVERY_MS = 150
/** Longer than the time after which a lease is renewed. */
const SLOW_MS = 1_600

/** Only who keeps something of an order comes there. */
const WHERE_SEEN: ReadonlySet<Step> = new Set<Step>(['progress_stored'])

/**
 * Kills a process at each step of the kit, under load. Returns the orders of that load. Throws
 * where a kill did not happen: nothing was tested there.
 */
export async function killAtSteps(suite: Suite, kills: Kill[]): Promise<readonly SuiteOrder[]> {
  const seen = new Set(readFileSync(seenFile(suite.stage.dir), 'utf8').split('\n'))
  const left = STEPS.filter(step => seen.has(step) || !WHERE_SEEN.has(step))
  suite.progress(`SIGKILL at ${left.length} steps of the kit, ${AT_A_TIME} processes at a time`)
  const { script, calm } = weather()
  const load = loadOf(suite, script, LOAD_EVERY_MS)
  const over = new AbortController()
  const garbage = burying(suite, over.signal)
  const strike = async () => {
    try {
      for (let step = left.shift(); step !== undefined; step = left.shift()) {
        await killAt(suite, step)
        kills.push({ at: step, atMs: performance.now() })
        suite.progress(`killed at ${step}`)
      }
    } catch (error) {
      left.length = 0 // the others begin nothing more
      throw error
    }
  }
  try {
    const struck = await Promise.allSettled(Array.from({ length: AT_A_TIME }, strike))
    for (const one of struck) if (one.status === 'rejected') throw one.reason
  } finally {
    over.abort()
    await garbage
    await load.stop()
    calm()
  }
  return load.orders
}

async function killAt(suite: Suite, step: string): Promise<void> {
  const adminPort = await freePort()
  await writeFile(stepFile(suite.stage.dir, adminPort), step)
  const instance = await suite.stage.instances.spawn(CRASH_ENV, adminPort)
  const limit = delay(BITES_WITHIN_MS, 'limit', { ref: false, signal: suite.signal })
  const how = await Promise.race([instance.ended, limit])
  if (how !== 'SIGKILL')
    throw new Error(
      `a process that was to be killed at ${step} ${how === 'limit' ? 'never came there' : `ended: ${how}`}`,
    )
}

/** By turns a request is slow, so that its lease is renewed, is refused, or is answered at once. */
function weather(): { readonly script: Script; calm(): void } {
  let turn = 0
  let isCalm = false
  const script: Script = (_, earlier) => {
    if (isCalm) return { kind: 'ok' } // what lost its lease twice is done one order at a time
    turn++
    if (turn % 5 === 0 && earlier.length === 0) return { kind: 'refuse', status: 503 }
    return turn % 6 === 0 ? { kind: 'ok', afterMs: SLOW_MS } : { kind: 'ok' }
  }
  return {
    script,
    calm() {
      isCalm = true
    },
  }
}

async function burying(suite: Suite, signal: AbortSignal): Promise<void> {
  const source = suite.references[0]?.source
  if (source === undefined || !existsSync(suite.stage.dir)) return
  while (!signal.aborted) {
    await suite.stage.kafka.publishToAll(catalogues[source].topic, Buffer.from('unreadable'))
    await delay(GARBAGE_EVERY_MS, undefined, { signal }).catch(() => {}) // over
  }
}
