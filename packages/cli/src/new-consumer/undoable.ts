import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Changes of files that can all be taken back. */
export interface Undoable {
  /** A folder that is not there yet: taken back with everything in it. */
  folder(path: string): void
  /** Writes a file, and its folders where they are missing. */
  write(path: string, text: string): void
  /** A file that somebody else is going to change. */
  remember(path: string): void
  undo(): void
}

/** Paths are from `root`. */
export function undoable(root: string): Undoable {
  const folders: string[] = []
  const before = new Map<string, string | undefined>()

  function remember(path: string): void {
    const file = join(root, path)
    if (!before.has(path)) before.set(path, existsSync(file) ? readFileSync(file, 'utf8') : undefined)
  }

  return {
    remember,
    folder(path) {
      folders.push(path)
      mkdirSync(join(root, path))
    },
    write(path, text) {
      remember(path)
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    },
    undo() {
      for (const [path, text] of before) {
        if (text === undefined) rmSync(join(root, path), { force: true })
        else writeFileSync(join(root, path), text)
      }
      for (const path of folders) rmSync(join(root, path), { recursive: true, force: true })
    },
  }
}
