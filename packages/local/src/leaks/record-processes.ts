import { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { relative } from 'node:path'
import type { Readable } from 'node:stream'
import { REPOSITORY } from '../repository.ts'
import { secretsIn } from './secret-variables.ts'
import type { TestRecord } from './test-record.ts'

/** What Node tells on its channels of a process that it starts. */
interface Spawned {
  readonly process: ChildProcess
  readonly options?: { readonly envPairs?: readonly string[] }
}

/**
 * Records what every process that this one starts from now on writes to a pipe, and the secrets that it is given. Node
 * tells of each, so no test can forget it. What goes to a file is its opener's to record.
 */
export function recordProcesses(record: TestRecord): void {
  subscribe('tracing:child_process.spawn:start', message => {
    if (!isSpawned(message)) return
    const { envPairs = [] } = message.options ?? {}
    for (const { label, value } of secretsIn(envPairs.map(pair => nameAndValue(pair)))) record.secret(label, value)
  })
  subscribe('tracing:child_process.spawn:end', message => {
    if (!isSpawned(message)) return
    const { process: child } = message
    // its pipes are there once `spawn` has returned
    process.nextTick(() => {
      const name = nameOf(child.spawnargs)
      if (child.stderr) tee(child.stderr, record.output(`${name}-stderr`))
      const said = asked(child)
      if (child.stdout && said !== 'a body') {
        tee(child.stdout, said === 'a new secret' ? secretsOf(record) : record.output(`${name}-stdout`))
      }
    })
  })
}

function isSpawned(message: unknown): message is Spawned {
  return (
    typeof message === 'object' && message !== null && 'process' in message && message.process instanceof ChildProcess
  )
}

/** Sees each chunk as it arrives. A listener would make it flow before its reader listens. */
function tee(stream: Readable, write: (chunk: Buffer) => void): void {
  const push = stream.push.bind(stream)
  stream.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    if (chunk !== null) write(chunk)
    return push(chunk, encoding)
  }
}

/** What a command shows on standard output because somebody asked for just that. */
function asked({ spawnargs }: ChildProcess): 'a new secret' | 'a body' | 'nothing private' {
  if (spawnargs.includes('--body')) return 'a body'
  const at = spawnargs.indexOf('secrets')
  return at !== -1 && spawnargs[at + 1] === 'rotate' ? 'a new secret' : 'nothing private'
}

function secretsOf(record: TestRecord): (chunk: Buffer) => void {
  let text = ''
  return chunk => {
    text += chunk.toString()
    for (const [secret] of text.matchAll(/whsec_[A-Za-z0-9+/_-]+=*/g)) record.secret('made by `secrets rotate`', secret)
  }
}

function nameAndValue(pair: string): readonly [string, string] {
  const at = pair.indexOf('=')
  return [pair.slice(0, at), pair.slice(at + 1)]
}

/** The program's file from the repository on, else the command. */
function nameOf([command = 'process', ...args]: readonly string[]): string {
  const program = args.find(arg => /\.[cm]?[jt]s$/.test(arg))
  return program === undefined ? (command.split('/').at(-1) ?? command) : relative(REPOSITORY, program)
}
