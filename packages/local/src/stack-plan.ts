import { type PortChoice, type PortName, portBook } from './ports.ts'
import { CONSUMERS, type ConsumerName, type ServiceName } from './service-specs.ts'

/** The nth process of a service. */
export interface PlannedService {
  readonly service: ServiceName
  readonly n: number
  readonly adminPort: number
}

export type StackPorts = Readonly<Record<PortName, number>>

export interface StackPlan {
  readonly ports: StackPorts
  readonly services: readonly PlannedService[]
}

export interface PlanOptions {
  readonly ports: PortChoice
  readonly consumers?: readonly ConsumerName[]
  readonly replicas?: Partial<Record<ServiceName, number>>
}

/** Which processes there will be, and where. */
export async function planStack(options: PlanOptions, progress: (line: string) => void): Promise<StackPlan> {
  const { consumers = CONSUMERS, replicas = {} } = options
  if ((replicas.ingress ?? 1) !== 1)
    throw new Error('the local stack has one ingress: several would need several ports')
  const book = portBook(options.ports, progress)
  const ports = {
    ingress: await book.named('ingress'),
    kafka: await book.named('kafka'),
    kafkaController: await book.named('kafkaController'),
    mongodb: await book.named('mongodb'),
    erp: await book.named('erp'),
    wms: await book.named('wms'),
    mail: await book.named('mail'),
    smtp: await book.named('smtp'),
  }
  const services: PlannedService[] = []
  for (const service of ['ingress', ...consumers] as const) {
    for (let n = 0; n < (replicas[service] ?? 1); n++) {
      services.push({ service, n, adminPort: await book.admin(services.length) })
    }
  }
  return { ports, services }
}
