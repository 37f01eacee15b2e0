import { LOOPBACK } from './ports.ts'
import type { Secrets } from './secrets.ts'
import type { Infra } from './infra.ts'
import type { Instance, StackInfo } from './stack-file.ts'
import type { PlannedService, StackPorts } from './stack-plan.ts'
import type { Supervised } from './supervised.ts'

export interface StackParts {
  readonly readyAt: Date
  readonly ports: StackPorts
  readonly secrets: Secrets
  readonly infra: Infra
  readonly services: ReadonlyMap<PlannedService, Supervised>
}

export function stackInfo({ readyAt, ports, secrets, infra, services }: StackParts): StackInfo {
  const { kafka, mongodb } = infra
  const ingress = url(ports.ingress)
  return {
    ready_at: readyAt.toISOString(),
    ingress,
    kafka: kafka.address,
    ...(kafka.process && { kafka_pid: kafka.process.pid }),
    mongodb: mongodb.address,
    ...(mongodb.process && { mongodb_pid: mongodb.process.pid }),
    sources: {
      points: { url: `${ingress}/webhooks/points`, secret: secrets.points },
      hc: { url: `${ingress}/webhooks/hc`, secret: secrets.hc },
    },
    sandbox: {
      erp: url(ports.erp),
      wms: url(ports.wms),
      mail: url(ports.mail),
      ...Object.fromEntries(Object.entries(ports.targets).map(([name, port]) => [name, url(port)])),
    },
    services: instances(services),
  }
}

function instances(services: ReadonlyMap<PlannedService, Supervised>): Record<string, readonly Instance[]> {
  const all: Record<string, Instance[]> = {}
  for (const [{ service, adminPort }, { pid }] of services) (all[service] ??= []).push({ pid, admin: url(adminPort) })
  return all
}

function url(port: number): string {
  return `http://${LOOPBACK}:${port}`
}
