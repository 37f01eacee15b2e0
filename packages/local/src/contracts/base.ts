import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ContractDocument } from '@hookline/contracts'
import { Compile } from 'typebox/compile'
import { parse } from 'yaml'
import { DOCUMENT } from './generated.ts'

const isContract = Compile(ContractDocument)

/** A committed document to compare with. */
export interface Base {
  readonly commit: string
  readonly document: ContractDocument
}

/**
 * The document where the history of `ref` and HEAD parts; without `ref` HEAD's, or where that is `text`, the one before
 * the last change of it. Undefined where the history, or a shallow clone's part of it, has none.
 * Throws an `Error` for a ref that is none, and for a document that this version cannot read.
 */
export async function baseOf(repository: string, text: string, ref?: string): Promise<Base | undefined> {
  const git = gitIn(repository)
  if (ref !== undefined) {
    const commit = await git('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`)
    if (commit === undefined) throw new Error(`${ref} is no commit of this clone: fetch it first`)
    return documentAt(git, (await git('merge-base', commit.trim(), 'HEAD')) ?? commit)
  }
  const head = await git('show', `HEAD:./${DOCUMENT}`)
  if (head === undefined) return undefined
  if (head !== text) return documentAt(git, (await git('rev-parse', 'HEAD')) ?? 'HEAD')
  const changes = (await git('log', '-2', '--format=%H', '--', DOCUMENT))?.trim().split('\n') ?? []
  const before = changes[1]
  return before === undefined ? undefined : documentAt(git, before)
}

type Git = (...args: readonly string[]) => Promise<string | undefined>

/** What git prints; undefined where it says no. */
function gitIn(repository: string): Git {
  return async (...args) => {
    try {
      const { stdout } = await promisify(execFile)('git', args, { cwd: repository, maxBuffer: 64 * 1024 * 1024 })
      return stdout
    } catch {
      return undefined
    }
  }
}

async function documentAt(git: Git, commit: string): Promise<Base | undefined> {
  const short = commit.trim().slice(0, 12)
  const text = await git('show', `${short}:./${DOCUMENT}`)
  if (text === undefined) return undefined
  const document: unknown = parse(text)
  if (!isContract.Check(document)) throw new Error(`${DOCUMENT} of ${short} is no document that this check can read`)
  return { commit: short, document }
}
