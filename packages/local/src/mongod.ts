import { mkdir } from 'node:fs/promises'
import { type Db, MongoClient, MongoServerError } from 'mongodb'
import { mongodBinary } from './mongod-binary.ts'
import { LOOPBACK } from './ports.ts'
import type { Session } from './session.ts'
import type { ProcessSpec } from './supervised.ts'
import { waitFor } from './wait-for.ts'

const READY_LIMIT_MS = 120_000
export const REPLICA_SET = 'rs0'
const NOT_YET_INITIALIZED = 94
const SMALL_CACHE_GB = 0.5
/** Never: of what it finds slow mongod logs whole documents, with bodies and addresses. */
export const SLOW_MS = 2 ** 31 - 1

export interface MongodOptions {
  /** Kept by whoever owns it. */
  readonly dataDir: string
  readonly port: number
  readonly logFile: string
  readonly verbose?: boolean
  /** Of memory for what it has read and not yet written, GiB. mongod by itself takes half of the machine's. */
  readonly cacheGb?: number
}

export function mongodUri(port: number): string {
  return `mongodb://${LOOPBACK}:${port}/?replicaSet=${REPLICA_SET}`
}

/** A one-member replica set on the loopback address, with a journal, so that transactions and `j: true` are real. */
export async function mongod(options: MongodOptions, session: Session): Promise<ProcessSpec> {
  const { dataDir, port, cacheGb = SMALL_CACHE_GB } = options
  const command = await mongodBinary(session)
  await mkdir(dataDir, { recursive: true })
  const settings = ['--dbpath', dataDir, '--port', `${port}`, '--bind_ip', LOOPBACK, '--replSet', REPLICA_SET]
  const small = ['--oplogSize', '256', '--wiredTigerCacheSizeGB', `${cacheGb}`, '--nounixsocket', '--quiet']
  return {
    name: 'mongod',
    command,
    args: [...settings, ...small, '--slowms', `${SLOW_MS}`, '--setParameter', 'diagnosticDataCollectionEnabled=false'],
    env: session.environment.inherited,
    logFile: options.logFile,
    verbose: options.verbose ?? false,
    graceMs: 15_000,
    ready: signal => becomesPrimary(port, signal),
  }
}

/** Makes the member a replica set of its own, under the address it has today, and waits until it takes writes. */
export async function becomesPrimary(port: number, signal: AbortSignal): Promise<void> {
  const host = `${LOOPBACK}:${port}`
  const ask = async () => {
    // a client of its own for each attempt: one whose first connection failed says "Topology is closed" for ever
    await using client = new MongoClient(`mongodb://${host}/`, {
      directConnection: true,
      serverSelectionTimeoutMS: 1_000,
    })
    const admin = client.db('admin')
    await configure(admin, host)
    const { isWritablePrimary } = await admin.command({ hello: 1 })
    return isWritablePrimary === true ? true : undefined
  }
  await waitFor(`a writable mongod on port ${port}`, ask, { limitMs: READY_LIMIT_MS, signal })
}

async function configure(admin: Db, host: string): Promise<void> {
  const config = await currentConfig(admin)
  if (config === undefined) {
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } })
  } else if (config.members[0]?.host !== host) {
    // kept data on another port: the member would not find itself in its own set
    const moved = { ...config, version: config.version + 1, members: [{ ...config.members[0], host }] }
    await admin.command({ replSetReconfig: moved, force: true })
  }
}

async function currentConfig(admin: Db): Promise<{ version: number; members: { host: string }[] } | undefined> {
  try {
    return (await admin.command({ replSetGetConfig: 1 })).config
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NOT_YET_INITIALIZED) return undefined
    throw error
  }
}
