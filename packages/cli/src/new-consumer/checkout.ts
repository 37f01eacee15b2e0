import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from '../failure.ts'
import { findUp } from '../find-up.ts'
import { TOPICS_FILE } from '../topic-services.ts'

/** The service that is copied, from the checkout's root. */
export const TEMPLATE = 'packages/new-consumer'

const NEEDED = [TOPICS_FILE, 'tsconfig.json', 'services']

/** What a new consumer changes beside the folder of its own, where it is there; from the checkout's root. */
export const CHANGED = [
  'infra/topics.yaml',
  'infra/acls.yaml',
  '.env.example',
  'tsconfig.json',
  'tsconfig.tests.json',
] as const

/** The root of the checkout around `cwd`, or of this program's own. Throws a `Failure` where there is none. */
export function checkoutOf(cwd: string): string {
  const manifest = findUp(`${TEMPLATE}/package.json`, cwd)
  const root = manifest === undefined ? undefined : dirname(dirname(dirname(manifest)))
  if (root !== undefined && NEEDED.every(path => existsSync(join(root, path)))) return root
  throw new Failure(
    'usage',
    'A new consumer is written into a checkout of Hookline, and here is none: go into a clone.',
  )
}
