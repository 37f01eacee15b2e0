import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'

export interface SecretsFile {
  /** Without its folder. */
  readonly name: string
  readonly text: string
}

/**
 * A secrets file, or all `*.json` of a folder, in the order of their names. Links are followed on every call: Kubernetes
 * swaps the one that a whole mounted folder hangs on. Rejects with Node's error where one of them cannot be read.
 */
export async function readSecretsFiles(path: string): Promise<readonly SecretsFile[]> {
  const folder = (await stat(path)).isDirectory()
  // a dot: what Kubernetes keeps beside the files, and what is being written
  const shown = (name: string) => name.endsWith('.json') && !name.startsWith('.')
  const files = folder
    ? (await readdir(path))
        .filter(shown)
        .toSorted()
        .map(name => join(path, name))
    : [path]
  return Promise.all(files.map(async file => ({ name: basename(file), text: await readFile(file, 'utf8') })))
}
