import type { Db } from 'mongodb'
import { safely } from './errors.ts'

/** The time of the database's server, milliseconds since the epoch. */
export function serverNow(db: Db): Promise<number> {
  return safely('hello', async () => (await db.command({ hello: 1 })).localTime.getTime())
}
