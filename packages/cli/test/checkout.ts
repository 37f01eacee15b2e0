import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))

const COPIED = [
  'infra/topics.yaml',
  '.env.example',
  'tsconfig.json',
  'tsconfig.tests.json',
  'pnpm-lock.yaml',
  'docs/asyncapi.yaml',
  'services/ingress/package.json',
  'packages/inbox/package.json',
  ...['package.json', 'tsconfig.json', 'src', 'test'].map(name => `packages/new-consumer/${name}`),
]

/** So much of a checkout as a new consumer is written into, in a directory that is removed with the test. */
export function checkout(): string {
  const root = mkdtempSync(join(tmpdir(), 'hookline-checkout-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const path of COPIED) cpSync(join(REPOSITORY, path), join(root, path), { recursive: true })
  return root
}

/** Every file of it, by its path. */
export function filesOf(root: string): Readonly<Record<string, string>> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const paths = files.map(entry => join(entry.parentPath, entry.name).slice(root.length + 1)).toSorted()
  return Object.fromEntries(paths.map(path => [path, readFileSync(join(root, path), 'utf8')]))
}
