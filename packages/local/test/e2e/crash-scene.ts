import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { type Stack, startStack } from '../../src/stack.ts'
import { type Armoury, armoury } from './armoury.ts'
import { count, type Counting } from './counts.ts'
import { streamOrders, type StreamedOrder } from './order-stream.ts'
import { settled } from './store.ts'
import { type Fault, type Ledgers, ledgersOf, setFault, TARGETS } from './targets.ts'
import { type UnreadableRecords, unreadableRecords } from './unreadable.ts'

/** Longer than a slow request, and short: what a kill left is taken over before the next one. */
export const LEASE_MS = 3_000
const SLOW_MS = 1_200
const WEATHER_MS = 700
/** By turns: requests that outlive a renewal, and requests that fail. */
const WEATHER: readonly Fault[] = [
  { mode: 'slow', delay_ms: SLOW_MS, rate: 0.2 },
  { mode: 'status', status: 503, rate: 0.3 },
]

const ENV = {
  LEASE_MS: `${LEASE_MS}`,
  KAFKA_SESSION_TIMEOUT_MS: '3000',
  REQUEST_TIMEOUT_MS: '10000',
  BACKOFF_MIN_MS: '300',
  BACKOFF_MAX_MS: '2000',
}

/** A stack whose processes can be killed or stopped at a point, and what is needed to bring them there. */
export interface Scene {
  readonly stack: Stack
  readonly mongo: MongoClient
  readonly armoury: Armoury
  readonly counting: Counting
  readonly unreadable: UnreadableRecords
  close(): Promise<void>
}

export interface Aftermath {
  readonly orders: readonly StreamedOrder[]
  readonly ledgers: Ledgers
}

export async function openScene(instances: number): Promise<Scene> {
  const dir = await mkdtemp(join(tmpdir(), 'hookline-crash-')) // goes with the stack
  const weapons = armoury(join(dir, 'armed'))
  const replicas = { 'erp-sync': instances, email: instances, wms: instances }
  const stack = await startStack({ dir, ephemeral: true, env: { ...ENV, ...weapons.env }, replicas })
  const mongo = await MongoClient.connect(stack.info.mongodb)
  const unreadable = await unreadableRecords(stack.info)
  const counting = count(stack)
  return {
    stack,
    mongo,
    armoury: weapons,
    counting,
    unreadable,
    async close() {
      await counting.end()
      await unreadable.close()
      await mongo.close()
      await stack.close()
    },
  }
}

/** Strikes under a stream of orders, while requests are slow and fail now and then; resolves when all is settled. */
export async function underLoad(scene: Scene, strike: () => Promise<void>): Promise<Aftermath> {
  const { stack, mongo, counting } = scene
  const { info } = stack
  let striking = true
  const strikeAll = async () => {
    try {
      await strike()
    } finally {
      striking = false
    }
  }
  const weather = async () => {
    for (let turn = 0; striking; turn++) {
      const fault = WEATHER[turn % WEATHER.length] ?? { mode: 'ok' }
      for (const target of TARGETS) await setFault(info, target, fault)
      await delay(WEATHER_MS)
    }
    for (const target of TARGETS) await setFault(info, target, { mode: 'ok' })
  }
  const streaming = streamOrders({ info, perSecond: 12, goOn: begun => striking || begun < 50 })
  const [orders] = await Promise.all([streaming, strikeAll(), weather()])
  await settled({ info, mongo })
  await counting.end()
  return { orders, ledgers: await ledgersOf(info) }
}
