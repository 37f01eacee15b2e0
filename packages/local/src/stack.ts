import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { localEnvironment } from './environment.ts'
import type { PortChoice } from './ports.ts'
import { type Reaper, startReaper } from './reaper.ts'
import { REPOSITORY } from './repository.ts'
import { consumerServices, serviceDefinitions } from './service-definitions.ts'
import type { Session } from './session.ts'
import { stackSecrets } from './secrets.ts'
import { type StackInfo, stackFile, writeStackFile } from './stack-file.ts'
import { stackInfo } from './stack-info.ts'
import { lockStack } from './stack-lock.ts'
import { planStack } from './stack-plan.ts'
import { type StackProcesses, startProcesses } from './stack-processes.ts'

export interface StackOptions {
  /** Keeps data, logs, secrets and `stack.json`; by default the checkout's `.hookline`, or a new one when `ephemeral`. */
  readonly dir?: string
  /** Any free ports, and everything is thrown away at the end. */
  readonly ephemeral?: boolean
  /** Begin with empty data. Leaves a Kafka or MongoDB that is not ours alone. */
  readonly fresh?: boolean
  /** Consecutive ports from here. */
  readonly portBase?: number
  /** Names in `services/`; all of them where not said. */
  readonly consumers?: readonly string[]
  /** How many processes of a service, 1 where not said. */
  readonly replicas?: Readonly<Record<string, number>>
  /** More environment for every service, over what the stack sets. */
  readonly env?: Readonly<Record<string, string>>
  /** Shows what the processes write. */
  readonly verbose?: boolean
  /** Stops a start that is under way. */
  readonly signal?: AbortSignal
  readonly onProgress?: (line: string) => void
}

/** A running stack; every part is a process of its own, so that a kill is a real kill. */
export interface Stack {
  readonly dir: string
  /** As in `stack.json` now: pids change when processes are started again. */
  readonly info: StackInfo
  /** Pid of the nth process of a service, or of `kafka`, `mongodb`, `sandbox`. */
  pid(name: ProcessName, n?: number): number
  /** Sends a signal to that process; false when it does not run. What ends by it is started again after a second. */
  kill(name: ProcessName, n: number, signal: NodeJS.Signals): boolean
  /** Stops the process in its own time and starts it again on the same ports and data; resolves when it is ready. */
  restart(name: ProcessName, n?: number): Promise<void>
  /** Ends everything, services first; the second call waits for the first. */
  close(): Promise<void>
}

/** A service's name, or one of `kafka`, `mongodb`, `sandbox`. */
export type ProcessName = string

/** Starts Kafka, MongoDB, the sandboxes, the ingress and the consumers; a failed start leaves nothing behind. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const reaper = startReaper()
  const session: Session = {
    environment: localEnvironment(),
    reaper,
    signal: options.signal ?? new AbortController().signal,
    progress: options.onProgress ?? (() => {}),
  }
  try {
    const dir = await stackDir(options, session)
    return await startIn(dir, options, session)
  } catch (error) {
    await reaper.close()
    throw error
  }
}

async function startIn(dir: string, options: StackOptions, session: Session): Promise<Stack> {
  const consumers = await serviceDefinitions(namesOf(options))
  const plan = await planStack({ ...options, consumers, ports: portChoice(options) }, session.progress)
  const secrets = await stackSecrets(dir)
  let info: (() => StackInfo) | undefined
  const onRestarted = async () => {
    if (info !== undefined) await writeStackFile(dir, info())
  }
  const { env = {}, verbose = false } = options
  const settled = { dir, plan, secrets, env, verbose, restart: true, onRestarted }
  const processes = await startProcesses(settled, session)
  const readyAt = new Date()
  info = () => stackInfo({ readyAt, ports: plan.ports, secrets, ...processes })
  session.reaper.removeAtEnd(stackFile(dir))
  await writeStackFile(dir, info())
  return running(dir, info, processes, session.reaper)
}

function running(dir: string, info: () => StackInfo, processes: StackProcesses, reaper: Reaper): Stack {
  let closed: Promise<void> | undefined
  const close = async () => {
    await processes.close()
    await reaper.close()
  }
  return {
    dir,
    get info() {
      return info()
    },
    pid: (name, n = 0) => processes.find(name, n).pid,
    kill: (name, n, signal) => processes.find(name, n).kill(signal),
    restart: (name, n = 0) => processes.find(name, n).restart(),
    close: () => (closed ??= close()),
  }
}

async function stackDir(options: StackOptions, { reaper, signal }: Session): Promise<string> {
  const { dir = options.ephemeral ? await mkdtemp(join(tmpdir(), 'hookline-stack-')) : join(REPOSITORY, '.hookline') } =
    options
  await mkdir(dir, { recursive: true })
  if (options.ephemeral) reaper.removeAtEnd(dir)
  await lockStack(dir, reaper, signal)
  const old = options.fresh ? ['logs', 'stack.json', 'kafka', 'mongodb'] : ['logs', 'stack.json']
  for (const name of old) await rm(join(dir, name), { recursive: true, force: true })
  return dir
}

function namesOf({ consumers, replicas = {} }: StackOptions): readonly string[] {
  const there = consumerServices()
  const unknown = [...(consumers ?? []), ...Object.keys(replicas)].find(
    name => name !== 'ingress' && !there.includes(name),
  )
  if (unknown === undefined) return consumers ?? there
  throw new Error(`There is no consumer "${unknown}" in services/; there are ${there.join(', ')}.`)
}

function portChoice({ portBase, ephemeral }: StackOptions): PortChoice {
  if (portBase !== undefined) return { kind: 'base', base: portBase }
  return ephemeral ? { kind: 'any' } : { kind: 'usual' }
}
