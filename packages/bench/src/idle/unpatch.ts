import { createHash } from 'node:crypto'

/** What a patch does to one file. */
export interface PatchedFile {
  readonly path: string
  /** Git's name for the contents before: begins the hash of the blob. */
  readonly before: string
  readonly hunks: readonly Hunk[]
}

interface Hunk {
  readonly before: string
  readonly after: string
}

/** Reads a patch as git writes it, with whole hashes. */
export function parsePatch(patch: string): readonly PatchedFile[] {
  return patch
    .split(/^diff --git /m)
    .slice(1)
    .map(text => {
      const [head = '', ...hunks] = text.split(/^@@ .*\n/m)
      const path = /^\+\+\+ b\/(.+)$/m.exec(head)?.[1]
      const before = /^index ([0-9a-f]{40})\.\./m.exec(head)?.[1]
      if (path === undefined || before === undefined) throw new Error(`a patch that cannot be read: ${head}`)
      return { path, before, hunks: hunks.map(hunk => ({ before: sideOf(hunk, '-'), after: sideOf(hunk, '+') })) }
    })
}

function sideOf(hunk: string, sign: '-' | '+'): string {
  const lines = hunk.split('\n').slice(0, -1)
  return lines.flatMap(line => (line[0] === sign || line[0] === ' ' ? [`${line.slice(1)}\n`] : [])).join('')
}

/** The file as it was before the patch, to the byte. Throws where it does not come out. */
export function unpatched(contents: string, { path, before, hunks }: PatchedFile): string {
  const original = hunks.reduce((text, hunk) => text.replace(hunk.after, () => hunk.before), contents)
  if (gitBlob(original) !== before) throw new Error(`${path} is not what the patch was made for`)
  return original
}

function gitBlob(contents: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(contents)}\0${contents}`)
    .digest('hex')
}
