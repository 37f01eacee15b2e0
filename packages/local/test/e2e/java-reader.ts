import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cp, readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { cached } from '../../src/cache.ts'
import { REPOSITORY } from '../../src/repository.ts'
import type { Session } from '../../src/session.ts'
import type { StackInfo } from '../../src/stack-file.ts'
import { runTool } from '../../src/tool.ts'
import { waitFor } from '../../src/wait-for.ts'
import { type Running, run } from '../processes.ts'
import { testSession } from '../session.ts'
import { lagOf } from './kafka.ts'

const PROJECT = join(REPOSITORY, 'examples/java-reader')
const GROUP = 'java-reader'
const LIMIT_MS = 120_000

/** Runs the example as its README says until it has read all that is in the topics, ends it with SIGTERM, and waits. */
export async function readAll(info: StackInfo): Promise<Running> {
  const session = testSession()
  const dir = await built(session)
  const [java = '', ...args] = fromReadme('java')
  const { javaHome } = session.environment
  const command = javaHome === undefined ? java : join(javaHome, 'bin', java)
  const inPlace = args.map(arg => arg.replaceAll('target/', join(dir, 'target/')))
  const reader = run(command, inPlace, { KAFKA_BROKERS: info.kafka })
  const ended = reader.ended.then(({ code }) => {
    throw new Error(`the reader ended by itself with ${code}: ${reader.lines.join('\n')}`)
  })
  const ask = async () => ((await lagOf(info, GROUP)) === 0 ? true : undefined)
  await Promise.race([waitFor('the reader at the end of the topics', ask, { limitMs: LIMIT_MS }), ended])
  ended.catch(() => {})
  process.kill(reader.pid, 'SIGTERM')
  await reader.ended
  return reader
}

/** A copy of the example, built; made anew when a file of it changes. */
async function built(session: Session): Promise<string> {
  const hash = createHash('sha256')
  for (const name of await sources()) hash.update(name).update(await readFile(join(PROJECT, name)))
  const dir = join(session.environment.cacheDir, `java-reader-${hash.digest('hex').slice(0, 12)}`)
  return cached(dir, async partial => {
    const isSource = (path: string) => basename(path) !== 'target'
    await cp(PROJECT, partial, { recursive: true, filter: isSource })
    const [command = '', ...args] = fromReadme('mvn')
    await runTool({ command, args: [...args, '-f', join(partial, 'pom.xml')], limitMs: LIMIT_MS }, session)
  })
}

async function sources(): Promise<string[]> {
  const entries = await readdir(PROJECT, { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  return paths
    .map(path => path.slice(PROJECT.length + 1))
    .filter(path => !path.startsWith('target/'))
    .toSorted()
}

/** The README's command that begins so, in words. */
function fromReadme(command: string): readonly string[] {
  const lines = readFileSync(join(PROJECT, 'README.md'), 'utf8').split('\n')
  const line = lines.find(one => one.startsWith(`${command} `))
  if (line === undefined) throw new Error(`the README of the example has no ${command}`)
  return line.replaceAll("'", '').split(' ')
}
