import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { DOCUMENT } from '../src/contracts/generated.ts'

/** A repository that holds the document and nothing else; removed when it is disposed of. */
interface History extends AsyncDisposable {
  readonly path: string
  /** Oldest first. */
  readonly commits: readonly string[]
  git(...args: readonly string[]): Promise<string>
  write(text: string): void
  read(): string
  shallowClone(): Promise<History>
}

const AUTHOR = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false']

// within a hook of git these name the repository that is worked on
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')))

/** One commit for each text of the document. Without any, the folder is under no version control. */
export async function history(texts: readonly string[]): Promise<History> {
  const made = folder()
  if (texts.length === 0) return made
  await made.git('init', '--quiet')
  const commits: string[] = []
  for (const text of texts) {
    made.write(text)
    await made.git('add', DOCUMENT)
    await made.git(...AUTHOR, 'commit', '--quiet', '--no-verify', '-m', 'change the contract')
    commits.push((await made.git('rev-parse', 'HEAD')).trim())
  }
  return { ...made, commits }
}

function folder(): History {
  const path = mkdtempSync(join(tmpdir(), 'hookline-contracts-'))
  const file = join(path, DOCUMENT)
  mkdirSync(dirname(file))
  const git = async (...args: readonly string[]) => (await promisify(execFile)('git', args, { cwd: path, env })).stdout
  return {
    path,
    commits: [],
    git,
    write: text => writeFileSync(file, text),
    read: () => readFileSync(file, 'utf8'),
    shallowClone: async () => {
      const clone = folder()
      rmSync(clone.path, { recursive: true })
      await git('clone', '--quiet', '--depth', '1', pathToFileURL(path).href, clone.path)
      return clone
    },
    [Symbol.asyncDispose]: async () => rmSync(path, { recursive: true, force: true }),
  }
}
