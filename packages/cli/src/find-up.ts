import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))

/** The first file of that relative path in `cwd`, above it, or in the repository; undefined where there is none. */
export function findUp(path: string, cwd: string): string | undefined {
  return [...upwards(cwd), REPOSITORY].map(dir => join(dir, path)).find(file => existsSync(file))
}

function upwards(dir: string): readonly string[] {
  const parent = dirname(dir)
  return parent === dir ? [dir] : [dir, ...upwards(parent)]
}
