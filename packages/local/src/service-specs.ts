import { join } from 'node:path'
import type { ConsumerService } from '@hookline/consumer'
import { LOOPBACK } from './ports.ts'
import { REPOSITORY } from './repository.ts'
import type { Secrets } from './secrets.ts'
import { targetVariables } from './stand-ins.ts'
import type { PlannedService, StackPorts } from './stack-plan.ts'
import type { ProcessSpec } from './supervised.ts'
import { waitFor } from './wait-for.ts'

const READY_LIMIT_MS = 120_000
const CLOSE_GRACE_MS = 10_000

/** What the specs of all processes have in common. */
export interface Surroundings {
  readonly ports: StackPorts
  readonly consumers: readonly ConsumerService[]
  readonly secrets: Secrets
  readonly logsDir: string
  readonly verbose: boolean
}

/**
 * The process of a service, ready when its admin server says so. `base` is the environment that it starts from, with
 * the addresses of Kafka and MongoDB; `over` wins over everything.
 */
export function serviceSpec(
  { service, n, adminPort }: PlannedService,
  around: Surroundings,
  base: NodeJS.ProcessEnv,
  over: Readonly<Record<string, string>>,
): ProcessSpec {
  const env = {
    ...base,
    HOOKLINE_ENV: 'development',
    ADMIN_HOST: LOOPBACK,
    ADMIN_PORT: `${adminPort}`,
    LOG_LEVEL: 'info',
    CLOSE_GRACE_MS: `${CLOSE_GRACE_MS}`,
    // short enough that a killed process is replaced while somebody watches
    KAFKA_SESSION_TIMEOUT_MS: '10000',
    LEASE_MS: '10000',
    REQUEST_TIMEOUT_MS: '3000',
    BACKOFF_MIN_MS: '1000',
    BACKOFF_MAX_MS: '5000',
    KAFKA_REPLICATION_MIN: '1',
    ...ownSettings(service, around),
    ...over,
  }
  const ready = answersOk(`http://${LOOPBACK}:${adminPort}/readyz`)
  return nodeProcess(n === 0 ? service : `${service}-${n + 1}`, `services/${service}/src/main.ts`, env, around, ready)
}

/** The stand-ins of all targets in one process, which knows nothing of Hookline. */
export function sandboxSpec(around: Surroundings, base: NodeJS.ProcessEnv): ProcessSpec {
  const { erp, wms, mail, smtp, targets } = around.ports
  const places = {
    HOST: LOOPBACK,
    ERP_PORT: `${erp}`,
    WMS_PORT: `${wms}`,
    MAIL_PORT: `${mail}`,
    SMTP_PORT: `${smtp}`,
    TARGETS: Object.entries(targets)
      .map(([name, port]) => `${name}:${port}`)
      .join(','),
  }
  const ready = answersOk(`http://${LOOPBACK}:${mail}/faults`)
  return nodeProcess('sandbox', 'packages/sandbox/src/main.ts', { ...base, ...places }, around, ready)
}

function ownSettings(service: string, { ports, consumers, secrets }: Surroundings): Record<string, string> {
  const consumer = consumers.find(({ name }) => name === service)
  if (consumer) return targetVariables(consumer, ports)
  return {
    HOST: LOOPBACK,
    PORT: `${ports.ingress}`,
    POINTS_WEBHOOK_SECRET: secrets.points,
    HC_WEBHOOK_SECRET: secrets.hc,
  }
}

function nodeProcess(
  name: string,
  program: string,
  env: NodeJS.ProcessEnv,
  around: Surroundings,
  ready: ProcessSpec['ready'],
): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: ['--conditions=source', join(REPOSITORY, program)],
    env,
    logFile: join(around.logsDir, `${name}.log`),
    verbose: around.verbose,
    graceMs: CLOSE_GRACE_MS + 2_000,
    ready,
  }
}

function answersOk(url: string): ProcessSpec['ready'] {
  return async signal => {
    const ask = async () => {
      const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
      return true
    }
    await waitFor(`200 from ${url}`, ask, { limitMs: READY_LIMIT_MS, signal })
  }
}
