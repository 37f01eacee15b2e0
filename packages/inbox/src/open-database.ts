import { type Db, MongoClient } from 'mongodb'
import { safely } from './errors.ts'

/** One service's database. */
export type Database = Db

export interface DatabaseOptions {
  uri: string
  /** One per service, none shared: the service's name. */
  database: string
  /** How the server's logs name this client. */
  appName: string
  /** How long an operation may wait for its answer, milliseconds; 0: as long as it takes. */
  socketTimeoutMs?: number
}

/** An outage is a rejected promise within these, far inside a lease. */
const LIMITS = {
  connectTimeoutMS: 5_000,
  serverSelectionTimeoutMS: 5_000,
  waitQueueTimeoutMS: 5_000,
  /** A server that stopped answering is noticed by its heartbeat, and what waits for it is let go. */
  heartbeatFrequencyMS: 5_000,
}

/** The driver's pool looks after itself ten times a second, for what is rarely there; the option is in no type. */
const POOL = { minPoolSizeCheckFrequencyMS: 10_000 }

/** Connects with the first operation. What it needs to be safe stands here and cannot be changed by the URI. */
export function openDatabase(options: DatabaseOptions): { db: Database; close: () => Promise<void> } {
  const client = new MongoClient(options.uri, {
    appName: options.appName,
    ...LIMITS,
    socketTimeoutMS: options.socketTimeoutMs ?? 10_000,
    maxPoolSize: 10,
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'local' },
    readPreference: 'primary',
    // a write that is sent again carries its number: the server answers what the first one did, also with its counts
    retryWrites: true,
    retryReads: true,
    ignoreUndefined: true,
  })
  Object.assign(client.options, POOL)
  return { db: client.db(options.database), close: () => safely('close', () => client.close()) }
}
