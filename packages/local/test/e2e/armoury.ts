import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { REPOSITORY } from '../../src/repository.ts'
import type { Instance } from '../../src/stack-file.ts'
import { type Armed, armedFile, type Mark, marksFile } from '../fixtures/armed.ts'

const PRELOAD = join(REPOSITORY, 'packages/local/test/fixtures/crash-point.ts')

/** Arms processes that were started with its `env`. */
export interface Armoury {
  readonly env: Readonly<Record<string, string>>
  /** At its nth coming to the point the process sends itself the signal, once. Returns what `markOf` asks for. */
  arm(instance: Instance, armed: Omit<Armed, 'id'>): Promise<string>
  /** What the process left behind when it did; undefined where it has not yet. */
  markOf(instance: Instance, id: string): Promise<Mark | undefined>
}

export function armoury(dir: string): Armoury {
  mkdirSync(dir, { recursive: true })
  return {
    // production code knows nothing of it
    env: { NODE_OPTIONS: `--import=${pathToFileURL(PRELOAD).href}`, HOOKLINE_CRASH_DIR: dir },
    async arm(instance, armed) {
      const id = randomUUID()
      const file = armedFile(dir, portOf(instance))
      await writeFile(`${file}.new`, JSON.stringify({ id, ...armed } satisfies Armed))
      await rename(`${file}.new`, file) // the process never reads half of it
      return id
    },
    async markOf(instance, id) {
      const lines = (await readOrEmpty(marksFile(dir, portOf(instance)))).split('\n')
      return lines
        .filter(line => line !== '')
        .map(line => JSON.parse(line) as Mark)
        .find(mark => mark.id === id)
    },
  }
}

function portOf({ admin }: Instance): string {
  return new URL(admin).port
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return '' // nothing was marked
  }
}
