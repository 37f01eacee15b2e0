import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { cpus, loadavg, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { REPOSITORY } from '@hookline/local'
import { mib } from './words.ts'

/** What a figure is worth nothing without. */
export interface Machine {
  readonly cpus: string
  readonly memory: string
  readonly system: string
  readonly node: string
  readonly kafka: string
  readonly commit: string
  /** Of the minute before: what others did on the machine. */
  readonly loadBefore: number
}

export async function machine(): Promise<Machine> {
  const models = cpus()
  const pom = await readFile(join(REPOSITORY, 'infra/broker/pom.xml'), 'utf8')
  return {
    cpus: `${models.length} × ${models[0]?.model ?? 'unknown'}`,
    memory: mib(totalmem()),
    system: `${platform()} ${release()}`,
    node: process.version,
    kafka: /<kafka\.version>([^<]+)</.exec(pom)?.[1] ?? 'unknown',
    commit: await commit(),
    loadBefore: loadavg()[0] ?? 0,
  }
}

async function commit(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: REPOSITORY })
    return stdout.trim()
  } catch {
    return 'unknown' // not a clone
  }
}
