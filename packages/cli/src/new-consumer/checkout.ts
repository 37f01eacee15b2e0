import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from '../failure.ts'
import { findUp } from '../find-up.ts'

/** The service that is copied, from the checkout's root. */
export const TEMPLATE = 'packages/new-consumer'

/** What a new consumer changes beside the folder of its own, from the checkout's root. */
export const CHANGED = ['infra/topics.yaml', '.env.example', 'tsconfig.json', 'tsconfig.tests.json'] as const

/** The root of the checkout around `cwd`, or of this program's own. Throws a `Failure` where there is none. */
export function checkoutOf(cwd: string): string {
  const manifest = findUp(`${TEMPLATE}/package.json`, cwd)
  const root = manifest === undefined ? undefined : dirname(dirname(dirname(manifest)))
  if (root !== undefined && [...CHANGED, 'services'].every(path => existsSync(join(root, path)))) return root
  throw new Failure(
    'usage',
    'A new consumer is written into a checkout of Hookline, and here is none: go into a clone.',
  )
}
