import { cp, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { REPOSITORY } from '@hookline/local'
import { parsePatch, unpatched } from './unpatch.ts'

const PATCH = 'patches/kafkajs@2.2.4.patch'

/**
 * Copies kafkajs into a folder, without the patch that it has in this workspace: as a team gets it that installs it. pnpm patches
 * it under every name. Resolves with the copy's folder; rejects where it would not be upstream's, file by file.
 */
export async function stockKafkajs(dir: string): Promise<string> {
  const copy = join(dir, 'kafkajs')
  const installed = dirname(createRequire(import.meta.url).resolve('kafkajs/package.json'))
  await cp(installed, copy, { recursive: true, filter: path => !path.startsWith(join(installed, 'node_modules')) })
  for (const file of parsePatch(await readFile(join(REPOSITORY, PATCH), 'utf8'))) {
    const path = join(copy, file.path)
    await writeFile(path, unpatched(await readFile(path, 'utf8'), file))
  }
  return copy
}
