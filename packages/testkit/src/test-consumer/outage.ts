import type { VirtualTime } from '../virtual-time.ts'
import type { Database, DatabaseWrite } from './database.ts'
import type { Journal } from './journal.ts'

/** What can befall the database of a service under test. */
export interface Outages {
  /**
   * The database answers nobody any more, until `databaseBack`, or for so many milliseconds of this clock. Afterwards it is
   * asked again within 2 s; orders of an instance that is gone are taken over a lease's time after it.
   */
  databaseAway(forMs?: number): void
  databaseBack(): void
  /**
   * The next `write` is carried out, and its answer does not come: whoever asked does not know. Each call: of one more. Look
   * at `count('store_failures')` whether one came.
   */
  loseAnswer(write: DatabaseWrite): void
}

export function outages({ database, time, journal }: OutageParts): Outages {
  let ending = new AbortController()

  function databaseBack(): void {
    ending.abort()
    database.faults.up()
    journal.tell('the database is back')
  }

  return {
    databaseAway(forMs) {
      ending.abort()
      ending = new AbortController()
      database.faults.down()
      journal.tell('the database is away')
      if (forMs !== undefined) time.sleep(forMs, ending.signal).then(databaseBack, () => undefined)
    },
    databaseBack,
    loseAnswer(write) {
      database.faults.failAfter(write)
      journal.tell(`the answer of the next ${write} is to be lost`)
    },
  }
}

interface OutageParts {
  readonly database: Database
  readonly time: VirtualTime
  readonly journal: Journal
}
