import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, inject } from 'vitest'
import { type Database, migrate, openDatabase } from '@hookline/inbox'

/** A database of the test file's own, with its indexes; dropped after its tests. */
export function ownDatabase(purpose: string) {
  const name = `inbox_${purpose}_${randomUUID().slice(0, 8)}`
  const uri = inject('mongodbUri')
  const { db, close } = openDatabase({ uri, database: name, appName: 'hookline tests' })

  beforeAll(() => migrate(uri, name))
  afterAll(async () => {
    await db.dropDatabase()
    await close()
  })
  return { db, name, uri }
}

/** Nothing is stored any more; the indexes stay. */
export async function empty(db: Database): Promise<void> {
  await db.collection('webhook_events').deleteMany({})
  await db.collection('orders').deleteMany({})
}
