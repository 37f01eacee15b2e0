import { IndexesWrong, type MigratedIndex, migrate as migrateDatabase } from '@hookline/inbox'
import type { Answer, Look } from '../answer.ts'
import { asFailure } from '../ask-database.ts'
import { type Config, requireMongodbUri, servicesAsked } from '../config.ts'
import { table } from '../text/table.ts'

interface MigrateDocument {
  services: Record<string, { indexes: readonly MigratedIndex[]; problem: string | null }>
}

/** Makes the indexes of each service's database, or of the one that was asked for. */
export async function migrate(config: Config, { service }: { service?: string }): Promise<Answer> {
  const uri = requireMongodbUri(config)
  const document: MigrateDocument = { services: {} }
  for (const name of servicesAsked(config, service)) {
    document.services[name] = await asFailure(config, () => migrateOne(uri, name))
  }
  const problems = Object.values(document.services).flatMap(({ problem }) => problem ?? [])
  return {
    document,
    text: look => textOf(document, look),
    ...(problems.length > 0 && { problem: problems.join('\n') }),
  }
}

async function migrateOne(uri: string, database: string): Promise<MigrateDocument['services'][string]> {
  try {
    return { indexes: await migrateDatabase(uri, database), problem: null }
  } catch (error) {
    if (error instanceof IndexesWrong) return { indexes: [], problem: error.message }
    throw error
  }
}

function textOf({ services }: MigrateDocument, look: Look): string {
  const all = Object.entries(services)
  const rows = all.flatMap(([service, { indexes }]) =>
    indexes.map(({ collection, index, did }) => [service, collection, index, did]),
  )
  const created = all.flatMap(([, { indexes }]) => indexes.filter(({ did }) => did === 'created')).length
  const failed = all.filter(([, { problem }]) => problem !== null).map(([service]) => service)
  const sum = created === 0 && failed.length === 0 ? 'Nothing to do: every index was there.' : `${created} created.`
  const left = failed.length === 0 ? [] : [look.paint('bad', `Left as it is: ${failed.join(', ')}.`)]
  const lines = table([{ title: 'SERVICE' }, { title: 'COLLECTION' }, { title: 'INDEX' }, { title: 'DID' }], rows)
  return [...(rows.length === 0 ? [] : lines), sum, ...left].join('\n')
}
