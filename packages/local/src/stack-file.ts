import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from './error-code.ts'

export type SourceName = 'points' | 'hc'

export interface Instance {
  readonly pid: number
  /** Serves `/livez`, `/readyz`, `/metrics`. */
  readonly admin: string
}

/** `.hookline/stack.json`: what a test, the CLI or a script may rely on while the stack is up. */
export interface StackInfo {
  readonly ready_at: string
  readonly ingress: string
  readonly kafka: string
  /** Absent where the broker is not ours. */
  readonly kafka_pid?: number
  readonly mongodb: string
  /** Absent where mongod is not ours. */
  readonly mongodb_pid?: number
  readonly sources: Readonly<Record<SourceName, { readonly url: string; readonly secret: string }>>
  /** The stand-ins; every other target of kind `http` has one under its name. */
  readonly sandbox: { readonly erp: string; readonly wms: string; readonly mail: string } & Readonly<
    Record<string, string>
  >
  readonly services: Readonly<Record<string, readonly Instance[]>>
}

export function stackFile(dir: string): string {
  return join(dir, 'stack.json')
}

/** Readers see the old file or the new one, never half of one. It holds the sources' secrets: for the owner only. */
export async function writeStackFile(dir: string, info: StackInfo): Promise<void> {
  const partial = `${stackFile(dir)}.${randomUUID()}`
  await writeFile(partial, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 })
  await rename(partial, stackFile(dir))
}

/** The running stack of that directory; undefined when there is none. */
export async function readStackFile(dir: string): Promise<StackInfo | undefined> {
  try {
    const info: StackInfo = JSON.parse(await readFile(stackFile(dir), 'utf8'))
    return info
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
