import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort, LOOPBACK, type Session, spawnChild, waitFor } from '@hookline/local'
import type { Declared } from '../declared.ts'
import type { KafkaSide } from './kafka.ts'

const START_LIMIT_MS = 60_000
const CLOSE_GRACE_MS = 10_000
const SHOWN_LINES = 15
const SHOWN_CHARACTERS = 200
const PRELOAD = pathToFileURL(join(import.meta.dirname, 'preload.ts')).href

/** A process of the service. */
export interface Instance {
  readonly admin: string
  readonly adminPort: number
  readonly logFile: string
  /** What ended it. */
  readonly ended: Promise<string>
  kill(signal: NodeJS.Signals): boolean
  /** SIGTERM, and SIGKILL where it does not go. */
  stop(): Promise<void>
}

/** A process ended that nobody had asked to; the message has its last lines. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded'
}

export interface Instances {
  /** Throws `ProcessEnded` where a process ended that nobody had asked to. */
  throwIfEnded(): void
  /**
   * Starts a process; resolves when it is in the group, which then has so many `members`. `env` wins over what the suite sets.
   * Rejects where it ends before.
   */
  start(options: { env?: Readonly<Record<string, string>>; members: number }): Promise<Instance>
  /** Starts a process and does not wait for it. */
  spawn(env: Readonly<Record<string, string>>, adminPort?: number): Promise<Instance>
  /** Ends all that still run. */
  close(): Promise<void>
}

export interface InstancesOptions {
  readonly declared: Declared
  readonly kafka: KafkaSide
  readonly session: Session
  readonly dir: string
  readonly verbose: boolean
  /** Addresses of Kafka, MongoDB and the targets. */
  readonly env: Readonly<Record<string, string>>
}

/** As for each of the service's processes: short enough that a killed one is replaced while somebody watches. */
const TIMES = { leaseMs: 3_000, sessionTimeoutMs: 6_000 } as const

export function instances({ declared, kafka, session, dir, verbose, env }: InstancesOptions): Instances {
  let count = 0
  const running = new Set<Instance>()
  let unasked: string | undefined
  const { inherited, cacheDir } = session.environment
  const base = {
    NODE_COMPILE_CACHE: join(cacheDir, 'compile-cache'),
    ...inherited,
    HOOKLINE_ENV: 'development',
    LOG_LEVEL: 'info',
    ADMIN_HOST: LOOPBACK,
    CLOSE_GRACE_MS: `${CLOSE_GRACE_MS}`,
    KAFKA_SESSION_TIMEOUT_MS: `${TIMES.sessionTimeoutMs}`,
    LEASE_MS: `${TIMES.leaseMs}`,
    REQUEST_TIMEOUT_MS: '2000',
    BACKOFF_MIN_MS: '300',
    BACKOFF_MAX_MS: '1500',
    OUTAGE_BACKOFF_MAX_MS: '1500',
    KAFKA_REPLICATION_MIN: '1',
    NODE_OPTIONS: `--import=${PRELOAD}`,
    HOOKLINE_STEPS_DIR: dir,
    ...env,
  }

  async function spawn(over: Readonly<Record<string, string>>, port?: number): Promise<Instance> {
    const adminPort = port ?? (await freePort())
    const name = `${declared.name}-${++count}`
    const logFile = join(dir, `${name}.log`)
    const child = await spawnChild(
      {
        name,
        ...commandOf(declared.program),
        env: { ...base, ADMIN_PORT: `${adminPort}`, ...over },
        logFile,
        verbose,
      },
      session.reaper,
    )
    let asked = false
    const instance: Instance = {
      admin: `http://${LOOPBACK}:${adminPort}`,
      adminPort,
      logFile,
      ended: child.ended,
      kill(signal) {
        asked = true
        return child.kill(signal)
      },
      async stop() {
        asked = true
        await child.stop(CLOSE_GRACE_MS + 2_000)
      },
    }
    running.add(instance)
    const notice = async () => {
      const how = await child.ended
      running.delete(instance)
      // a process that is armed kills itself
      if (!asked && how !== 'SIGKILL') unasked = `a process ended by itself: ${how}\n${lastLines(logFile)}`
    }
    void notice()
    return instance
  }

  return {
    spawn,
    throwIfEnded() {
      if (unasked !== undefined) throw new ProcessEnded(unasked)
    },
    async close() {
      // nothing of them is of use any more
      for (const one of running) one.kill('SIGKILL')
      await Promise.all([...running].map(one => one.ended))
    },
    async start({ env: over = {}, members }) {
      const instance = await spawn(over)
      const gone = new AbortController()
      const notice = async () => gone.abort(new Error(`it ended: ${await instance.ended}`))
      void notice()
      const ready = async () => ((await isReady(instance, kafka, members)) ? true : undefined)
      const signal = AbortSignal.any([session.signal, gone.signal])
      await waitFor(`${declared.name} in its group`, ready, { limitMs: START_LIMIT_MS, everyMs: 100, signal }).catch(
        cause => {
          session.signal.throwIfAborted()
          const why = gone.signal.aborted ? gone.signal.reason.message : cause.message
          throw new Error(`${declared.program} does not start: ${why}\n${lastLines(instance.logFile)}`, { cause })
        },
      )
      return instance
    },
  }
}

function commandOf(program: string): { command: string; args: readonly string[] } {
  return /\.[cm]?[jt]s$/.test(program)
    ? { command: process.execPath, args: ['--conditions=source', program] }
    : { command: program, args: [] }
}

function lastLines(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES)
  return ['Its last lines:', ...lines.map(line => `  ${line.slice(0, SHOWN_CHARACTERS)}`)].join('\n')
}

/** The group is at rest with so many members, and where the process has an admin server that says so too. */
async function isReady({ admin }: Instance, kafka: KafkaSide, members: number): Promise<boolean> {
  const group = await kafka.group()
  if (group.state !== 'Stable' || group.members.length !== members) return false
  try {
    const answer = await fetch(`${admin}/readyz`, { signal: AbortSignal.timeout(2_000) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return true // it has none
  }
}
