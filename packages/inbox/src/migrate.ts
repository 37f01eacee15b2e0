import type { Db, IndexDescriptionInfo } from 'mongodb'
import { openDatabase } from './open-database.ts'
import { safely } from './errors.ts'
import { type ExpectedIndex, expectedIndexes, type IndexProblem, problemOf } from './indexes.ts'

/** One index and what `migrate` did about it. */
export interface MigratedIndex {
  collection: string
  index: string
  did: 'created' | 'was there'
}

/** The indexes are not what the protocol needs; the message says which, and what to run. */
export class IndexesWrong extends Error {
  override readonly name = 'IndexesWrong'
  readonly code = 'indexes_wrong'
  readonly retry = false
}

/** Makes the indexes of one service's database. Again, it changes nothing. Throws `IndexesWrong` where one is different. */
export async function migrate(uri: string, database: string): Promise<readonly MigratedIndex[]> {
  // to build an index over what is stored already may take long
  const { db, close } = openDatabase({ uri, database, appName: 'hookline migrate', socketTimeoutMs: 0 })
  try {
    const before = await compare(db)
    const different = before.filter(({ problem }) => problem === 'different')
    if (different.length > 0) throw new IndexesWrong(`${sentence(db, different)}: drop it and run \`hookline migrate\``)
    for (const { expected, problem } of before) if (problem) await create(db, expected)
    return before.map(({ expected, problem }) => ({
      collection: expected.collection,
      index: expected.name,
      did: problem ? 'created' : 'was there',
    }))
  } finally {
    await close()
  }
}

/** At start: without its unique index a service would do effects twice. Throws `IndexesWrong`. */
export async function checkIndexes(db: Db): Promise<void> {
  const wrong = (await compare(db)).filter(({ problem }) => problem)
  if (wrong.length > 0) throw new IndexesWrong(`${sentence(db, wrong)}: run \`hookline migrate\``)
}

interface Compared {
  expected: ExpectedIndex
  problem: IndexProblem | undefined
}

async function compare(db: Db): Promise<readonly Compared[]> {
  const stored = new Map<string, readonly IndexDescriptionInfo[]>()
  for (const collection of new Set(expectedIndexes.map(({ collection }) => collection))) {
    stored.set(collection, await indexesOf(db, collection))
  }
  return expectedIndexes.map(expected => {
    const found = stored.get(expected.collection)?.find(({ name }) => name === expected.name)
    return { expected, problem: problemOf(expected, found) }
  })
}

/** None where the collection does not exist yet. */
function indexesOf(db: Db, collection: string): Promise<readonly IndexDescriptionInfo[]> {
  return safely('listIndexes', async () => {
    const exists = await db.listCollections({ name: collection }, { nameOnly: true }).hasNext()
    return exists ? db.collection(collection).indexes() : []
  })
}

async function create(db: Db, { collection, name, key, options }: ExpectedIndex): Promise<void> {
  await safely(`createIndex ${name}`, () => db.collection(collection).createIndex(key, { name, ...options }))
}

function sentence(db: Db, wrong: readonly Compared[]): string {
  const list = wrong.map(({ expected, problem }) => `${expected.name} on ${expected.collection} is ${problem}`)
  return `indexes of database ${db.databaseName}: ${list.join(', ')}`
}
