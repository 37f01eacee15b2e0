import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * The directory, filled once. It appears by a rename when `fill` is done, so that a broken download never counts;
 * where two fill it at once the first one wins and both use it.
 */
export async function cached(dir: string, fill: (dir: string) => Promise<void>): Promise<string> {
  if (existsSync(dir)) return dir
  const partial = `${dir}.partial-${randomUUID()}`
  await mkdir(dirname(dir), { recursive: true })
  try {
    await mkdir(partial)
    await fill(partial)
    await rename(partial, dir)
  } catch (error) {
    if (!existsSync(dir)) throw error
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  return dir
}
