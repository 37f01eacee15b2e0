import { randomBytes } from 'node:crypto'
import { open, readFile, realpath, rename, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import {
  declaredSources,
  documentText,
  parseDocument,
  type SecretsDocument,
  type SourceEntries,
} from '@hookline/ingress/secrets'
import { codeOf, Failure } from '../failure.ts'

/** Who owns the file, and nobody else. */
const MODE = 0o600

/** What a file holds. Throws a `Failure` that shows no part of it. */
export async function readSecrets(path: string): Promise<SecretsDocument> {
  return parsed(await textOf(path), path)
}

/**
 * Changes a file: all of it, or nothing. Whoever reads it meanwhile sees it as it was or as it is then, and nobody else
 * of us writes it. `change` may throw to leave it as it is; it gets an empty document where there is no file yet.
 */
export async function changeSecrets<Told>(
  path: string,
  change: (document: SecretsDocument) => { readonly document: SecretsDocument; readonly told: Told },
): Promise<Told> {
  const file = await realpath(path).catch(() => resolve(path))
  const next = join(dirname(file), `.${basename(file)}.next`)
  const handle = await claim(next, path)
  try {
    const text = await textOf(file).catch((error: unknown) => {
      if (error instanceof Failure && codeOf(error.cause) === 'ENOENT') return undefined
      throw error
    })
    const { document, told } = change(text === undefined ? {} : parsed(text, path))
    await handle.writeFile(documentText(document))
    // before the rename: a crash of the machine must not leave an empty file under the right name
    await handle.sync()
    await handle.close()
    await rename(next, file)
    return told
  } catch (error) {
    await handle.close()
    await unlink(next)
    if (error instanceof Failure) throw error
    throw new Failure('usage', `${path} cannot be written (${codeOf(error)})`, { cause: error })
  }
}

/** What the file has of a source, no secret where it has nothing. Throws a `Failure` where there is no such source. */
export function entriesOf(document: SecretsDocument, source: string): SourceEntries {
  const names = declaredSources.map(({ catalogue }) => catalogue.source)
  if (!names.includes(source)) {
    throw new Failure('usage', `There is no source "${source}"; there are ${names.join(', ')}.`)
  }
  return document[source] ?? { secrets: [] }
}

/** A text that every scheme takes as a secret, of 32 random bytes. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** The file that becomes the new one; while it is there, no other command begins. */
async function claim(next: string, path: string): Promise<FileHandle> {
  try {
    return await open(next, 'wx', MODE)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      throw new Failure('usage', `${path} cannot be written (${codeOf(error)})`, { cause: error })
    }
    throw new Failure('no', `Another command is changing ${path}. If none runs any more, remove ${next}`, {
      cause: error,
    })
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new Failure('usage', `${path} cannot be read (${codeOf(error)})`, { cause: error })
  }
}

function parsed(text: string, path: string): SecretsDocument {
  const document = parseDocument(text, path)
  if (document.ok) return document.value
  throw new Failure('usage', `${document.problems.join('\n')}\nNothing was changed.`)
}
