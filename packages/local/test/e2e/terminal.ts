import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { delimiter } from 'node:path'
import { signalGroup } from '../../src/process-group.ts'
import { REPOSITORY } from '../../src/repository.ts'
import { waitFor } from '../../src/wait-for.ts'

const LIMIT_MS = 150_000
/** What the test runner and the package manager around it tell their own children. */
const OURS =
  /^(VITEST|NODE_ENV$|INIT_CWD$|pnpm_|npm_(package|lifecycle|command|execpath|node_execpath|config_(local_prefix|user_agent)))/i

/** The environment of somebody who has just opened a terminal. */
export function plainEnvironment(): Record<string, string | undefined> {
  const { PATH = '' } = process.env
  const path = PATH.split(delimiter).filter(dir => !dir.startsWith(REPOSITORY))
  const names = Object.keys(process.env)
  const plain = Object.fromEntries(names.map(name => [name, OURS.test(name) ? undefined : process.env[name]]))
  return { ...plain, PATH: path.join(delimiter) }
}

/** A shell in which one block of commands follows another: what one sets the next one knows. */
export interface Terminal {
  /** Resolves with what the block wrote; rejects with it where a command of it fails. */
  run(block: string): Promise<string>
  close(): void
}

export function terminal(dir: string): Terminal {
  const shell = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail'], {
    cwd: dir,
    env: plainEnvironment(),
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let written = ''
  let ended: string | undefined
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (written += text))
  }
  shell.once('close', (code, signal) => (ended = signal ?? `exit ${code}`))
  return {
    async run(block) {
      const [from, mark] = [written.length, randomUUID()]
      // no command may read on from where the shell reads
      shell.stdin.write(`{\n${block}\n} < /dev/null\necho ${mark}\n`)
      const ask = async () => {
        if (ended !== undefined) throw new Error(`${ended} in\n${block}\nwhich wrote\n${written.slice(from)}`)
        return written.includes(mark) ? true : undefined
      }
      await waitFor('the end of a block', ask, { limitMs: LIMIT_MS, giveUp: () => ended !== undefined })
      return written.slice(from, written.indexOf(mark))
    },
    close() {
      if (shell.pid !== undefined) signalGroup(shell.pid, 'SIGKILL')
    },
  }
}
