import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { SecretEntry } from '../src/secrets/document.ts'

/** A secrets file in which no source has a window. */
export type SecretLists = Readonly<Record<string, readonly SecretEntry[]>>

/** A folder of its own for a test. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-secrets-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

/**
 * A folder as Kubernetes mounts a secret: each file is a link into `..data`, which is a link to a folder of this
 * version. A new version is a new folder, and the swap of that one link.
 */
export async function mountedSecret() {
  const folder = await testFolder()
  let version = 0
  let before: string | undefined
  return {
    folder,
    async mount(files: Readonly<Record<string, SecretLists | string>>): Promise<void> {
      version += 1
      const data = join(folder, `..version_${version}`)
      await mkdir(data)
      for (const [name, content] of Object.entries(files)) {
        await writeFile(join(data, name), typeof content === 'string' ? content : JSON.stringify(content))
        if (before === undefined) await symlink(join('..data', name), join(folder, name))
      }
      await symlink(`..version_${version}`, join(folder, '..data_tmp'))
      await rename(join(folder, '..data_tmp'), join(folder, '..data'))
      if (before !== undefined) await rm(before, { recursive: true })
      before = data
    },
  }
}
