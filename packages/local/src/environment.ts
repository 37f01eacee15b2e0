import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** What the local stack takes from the environment; nothing else in this package reads it. */
export interface LocalEnvironment {
  /** `host:port[,host:port]` of a Kafka that is already there. */
  readonly kafkaBrokers: string | undefined
  /** URI of a MongoDB replica set that is already there. */
  readonly mongodbUri: string | undefined
  /** `containers`: both run in containers, whatever else is found. */
  readonly infra: 'embedded' | 'containers'
  /** A mongod that the person names. */
  readonly mongodBinary: string | undefined
  readonly path: readonly string[]
  readonly javaHome: string | undefined
  /** Where downloads are kept for all clones of this machine. */
  readonly cacheDir: string
  /** A file that takes the pid of every reaper, for a parent that waits until they have done their work. */
  readonly reapersFile: string | undefined
  /** A folder that takes what the processes of a run of the tests write, and the secrets that they use. */
  readonly testRecordDir: string | undefined
  /** Everything, for the processes that we start. */
  readonly inherited: NodeJS.ProcessEnv
}

export function localEnvironment(env: NodeJS.ProcessEnv = process.env): LocalEnvironment {
  const infra = env.HOOKLINE_INFRA || 'embedded'
  if (infra !== 'embedded' && infra !== 'containers') {
    throw new Error(`HOOKLINE_INFRA is "${infra}": set it to "embedded" or "containers", or leave it out`)
  }
  return {
    kafkaBrokers: env.KAFKA_BROKERS || undefined,
    mongodbUri: env.MONGODB_URI || undefined,
    infra,
    mongodBinary: env.MONGOMS_SYSTEM_BINARY || undefined,
    path: (env.PATH ?? '').split(delimiter).filter(dir => dir !== ''),
    javaHome: env.JAVA_HOME || undefined,
    cacheDir: join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hookline'),
    reapersFile: env.HOOKLINE_REAPERS || undefined,
    testRecordDir: env.HOOKLINE_TEST_RECORD || undefined,
    inherited: env,
  }
}
