import type { ConsumerService } from '@hookline/consumer'
import { type PortChoice, type PortName, portBook } from './ports.ts'
import { genericTargets } from './stand-ins.ts'

/** The nth process of a service. */
export interface PlannedService {
  readonly service: string
  readonly n: number
  readonly adminPort: number
}

export interface StackPorts extends Readonly<Record<PortName, number>> {
  /** Of the targets that have no stand-in of their own, by their names. */
  readonly targets: Readonly<Record<string, number>>
}

export interface StackPlan {
  readonly ports: StackPorts
  readonly consumers: readonly ConsumerService[]
  readonly services: readonly PlannedService[]
}

export interface PlanOptions {
  readonly ports: PortChoice
  readonly consumers: readonly ConsumerService[]
  readonly replicas?: Readonly<Record<string, number>>
}

/** Which processes there will be, and where. */
export async function planStack(options: PlanOptions, progress: (line: string) => void): Promise<StackPlan> {
  const { consumers, replicas = {} } = options
  if ((replicas['ingress'] ?? 1) !== 1)
    throw new Error('the local stack has one ingress: several would need several ports')
  const book = portBook(options.ports, progress)
  const single = {
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
  for (const service of ['ingress', ...consumers.map(({ name }) => name)]) {
    for (let n = 0; n < (replicas[service] ?? 1); n++) {
      services.push({ service, n, adminPort: await book.admin(services.length) })
    }
  }
  const targets: Record<string, number> = {}
  for (const [n, name] of genericTargets(consumers).entries()) {
    targets[name] = await book.target(name, { n, processes: services.length })
  }
  return { ports: { ...single, targets }, consumers, services }
}
