import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached } from './cache.ts'
import { REPOSITORY } from './repository.ts'
import type { Session } from './session.ts'
import { runTool } from './tool.ts'

const POM = join(REPOSITORY, 'infra/broker/pom.xml')
const LIMIT_MS = 10 * 60_000

/** The directory with the broker's jars: brought by Maven the first time, then from the cache. */
export async function kafkaJars(session: Session): Promise<string> {
  const pom = await readFile(POM)
  const version = createHash('sha256').update(pom).digest('hex').slice(0, 12)
  const dir = join(session.environment.cacheDir, `kafka-jars-${version}`)
  if (existsSync(dir)) return dir
  session.progress('Kafka: bringing the broker from Maven Central (about 45 MB, once)')
  let files = 0
  const onLine = (line: string) => {
    if (!line.includes('Downloaded from') || !line.includes('.jar')) return
    files += 1
    if (files % 10 === 0) session.progress(`Kafka: ${files} files`)
  }
  return cached(dir, async partial => {
    const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${partial}`]
    await runTool({ command: 'mvn', args: ['-B', '-f', POM, ...copy], limitMs: LIMIT_MS, onLine }, session)
  })
}
