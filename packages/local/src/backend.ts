import type { Session } from './session.ts'
import { type ProcessSpec, supervise, type Supervised, type SupervisedOptions } from './supervised.ts'

/** Kafka or MongoDB: a process of ours, a container of ours, or somebody else's. */
export interface Backend {
  /** Brokers as `host:port`, or a MongoDB URI. */
  readonly address: string
  /** Undefined where it is not a process of ours. */
  readonly process: Supervised | undefined
  /** Whether it holds nothing but this stack. */
  readonly ours: boolean
  /** Ends it where it was started here. */
  stop(): Promise<void>
}

export interface BackendSources {
  /** For messages: `Kafka`. */
  readonly name: string
  /** What the environment names; wins over the others. */
  readonly given: string | undefined
  /** What we can run ourselves; rejects with the reason where it cannot be had. */
  readonly embedded: () => Promise<ProcessSpec>
  readonly address: string
  readonly container: () => Promise<Backend>
}

/** The first source that works; when none does the error says of each why. A process that does not start is an error. */
export async function startBackend(
  { name, given, embedded, address, container }: BackendSources,
  session: Session,
  options: SupervisedOptions,
): Promise<Backend> {
  if (given !== undefined) return { address: given, process: undefined, ours: false, stop: async () => {} }
  if (session.environment.infra === 'containers') return container()
  let spec: ProcessSpec
  try {
    spec = await embedded()
  } catch (error) {
    session.signal.throwIfAborted()
    return container().catch(second => {
      const reasons = `Embedded: ${messageOf(error)}\nContainer: ${messageOf(second)}`
      throw new Error(`${name} cannot be had.\n${reasons}`, { cause: error })
    })
  }
  session.progress(`${name}: starting at ${address}`)
  const process = await supervise(spec, session, options)
  return { address, process, ours: true, stop: () => process.stop() }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
