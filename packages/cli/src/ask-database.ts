import { type Database, IndexesWrong, InboxRefused, InboxUnavailable, openDatabase } from '@hookline/inbox'
import { type Config, requireMongodbUri } from './config.ts'
import { codeOf, Failure } from './failure.ts'

/** Asks the database of one service. Every error of it comes as a `Failure`. */
export function askDatabase<T>(config: Config, service: string, ask: (db: Database) => Promise<T>): Promise<T> {
  const uri = requireMongodbUri(config)
  return asFailure(config, async () => {
    const { db, close } = openDatabase({ uri, database: service, appName: 'hookline cli' })
    try {
      return await ask(db)
    } finally {
      await close()
    }
  })
}

/** Runs what talks to MongoDB. Its errors come as a `Failure`, except `IndexesWrong`, which says by itself what to do. */
export async function asFailure<T>(config: Config, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof Failure || error instanceof IndexesWrong) throw error
    if (codeOf(error) === 'MongoParseError') {
      throw new Failure('usage', 'MONGODB_URI is no connection string that MongoDB understands: check its form')
    }
    const where = `MongoDB at ${hostsOf(requireMongodbUri(config))}`
    throw new Failure('unavailable', `${where} ${complaint(error, config)}`, { cause: error })
  }
}

function complaint(error: unknown, config: Config): string {
  if (error instanceof InboxRefused) {
    return `refused (${error.code}): check the user, the password and the rights of the one that MONGODB_URI names`
  }
  if (error instanceof InboxUnavailable) return `does not answer (${error.code}): ${hint(config)}`
  return `cannot be used (${codeOf(error)}): ${hint(config)}`
}

function hint({ stackFile }: Config): string {
  if (stackFile !== undefined) return `${stackFile} names it; is the stack still running? npx -y pnpm@12 start`
  return 'check MONGODB_URI, and that this machine may reach it'
}

/** The URI without user, password and options. */
function hostsOf(uri: string): string {
  return uri.replace(/^mongodb(?:\+srv)?:\/\/(?:.*@)?([^/?]*).*$/s, '$1')
}
