import { join } from 'node:path'
import { migrate } from '@hookline/inbox'
import { type Infra, startInfra } from './infra.ts'
import { sandboxSpec, serviceSpec } from './service-specs.ts'
import type { Session } from './session.ts'
import type { Secrets } from './secrets.ts'
import type { ProcessName } from './stack.ts'
import type { PlannedService, StackPlan } from './stack-plan.ts'
import { supervise, type Supervised, type SupervisedOptions } from './supervised.ts'
import { together } from './together.ts'
import { makeTopics } from './topics.ts'

export interface ProcessesOptions extends SupervisedOptions {
  readonly dir: string
  readonly plan: StackPlan
  readonly secrets: Secrets
  /** For every service, over what the stack sets. */
  readonly env: Readonly<Record<string, string>>
  readonly verbose: boolean
}

export interface StackProcesses {
  readonly infra: Infra
  readonly services: ReadonlyMap<PlannedService, Supervised>
  /** Throws where the stack has no such process. */
  find(name: ProcessName, n: number): Supervised
  /** The services first, then what they need. */
  close(): Promise<void>
}

/** Starts every process of the stack, side by side where it can; a failed start leaves none running. */
export async function startProcesses(options: ProcessesOptions, session: Session): Promise<StackProcesses> {
  const { plan, secrets, env, verbose } = options
  const { ports, consumers } = plan
  const around = { ports, consumers, secrets, verbose, logsDir: join(options.dir, 'logs') }
  const { inherited, cacheDir } = session.environment
  // what Node compiled and stripped of types is kept: half of a service's start
  const base = { NODE_COMPILE_CACHE: join(cacheDir, 'compile-cache'), ...inherited }
  const services = new Map<PlannedService, Supervised>()
  let infra: Infra | undefined
  let sandbox: Supervised | undefined

  async function close(): Promise<void> {
    await Promise.all([...services.values()].map(one => one.stop()))
    await sandbox?.stop()
    await infra?.close()
  }

  async function startBackends(inner: Session): Promise<Infra> {
    infra = await startInfra({ ...options, ports }, inner)
    const names = consumers.map(({ name }) => name)
    await prepare(infra, names, inner)
    return infra
  }

  async function startSandbox(inner: Session): Promise<Supervised> {
    sandbox = await supervise(sandboxSpec(around, base), inner, options)
    return sandbox
  }

  try {
    const [backends, targets] = await together(session, run => Promise.all([run(startBackends), run(startSandbox)]))
    session.progress(`Services: starting ${plan.services.map(one => one.service).join(', ')}`)
    const addresses = { KAFKA_BROKERS: backends.kafka.address, MONGODB_URI: backends.mongodb.address }
    const start = (one: PlannedService) => async (inner: Session) => {
      const spec = serviceSpec(one, around, { ...base, ...addresses }, env)
      services.set(one, await supervise(spec, inner, options))
    }
    await together(session, run => Promise.all(plan.services.map(one => run(start(one)))))
    return { infra: backends, services: inOrder(), close, find: (name, n) => find(name, n, backends, targets) }
  } catch (error) {
    await close()
    throw error
  }

  function inOrder(): Map<PlannedService, Supervised> {
    return new Map([...services].sort(([a], [b]) => plan.services.indexOf(a) - plan.services.indexOf(b)))
  }

  function find(name: ProcessName, n: number, { kafka, mongodb }: Infra, targets: Supervised): Supervised {
    const single = { kafka: kafka.process, mongodb: mongodb.process, sandbox: targets }
    const found =
      name === 'kafka' || name === 'mongodb' || name === 'sandbox'
        ? single[name]
        : [...services].find(([one]) => one.service === name && one.n === n)?.[1]
    if (found === undefined) throw new Error(`the stack has no process ${name} ${n} of its own`)
    return found
  }
}

/** Topics and indexes: what the services check, but do not make. */
async function prepare({ kafka, mongodb }: Infra, consumers: readonly string[], session: Session): Promise<void> {
  session.progress('Kafka: making the topics; MongoDB: making the indexes')
  await together(session, run => {
    const topics = run(() => makeTopics(kafka.address, { ours: kafka.ours, consumers }))
    return Promise.all([topics, ...consumers.map(name => run(() => migrate(mongodb.address, name)))])
  })
}
