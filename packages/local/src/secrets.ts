import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceName } from './stack-file.ts'
import { hasCode } from './error-code.ts'

export type Secrets = Readonly<Record<SourceName, string>>

/** The sources' secrets of this data directory: made at random the first time and kept, readable by the owner only. */
export async function stackSecrets(dir: string): Promise<Secrets> {
  const file = join(dir, 'secrets.json')
  try {
    const kept: Secrets = JSON.parse(await readFile(file, 'utf8'))
    return kept
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
  const secrets = { points: randomSecret(), hc: `whsec_${randomSecret()}` }
  await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  return secrets
}

function randomSecret(): string {
  return randomBytes(32).toString('base64url')
}
