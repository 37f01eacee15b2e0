import type { ConsumerService } from '@hookline/consumer'
import { variableName } from '@hookline/consumer/loop'
import { LOOPBACK } from './ports.ts'
import type { StackPorts } from './stack-plan.ts'

/** Stand-ins of their own, by the name of the target that they stand for. */
const OWN = ['erp', 'wms'] as const
/** Names in `stack.json` that a target of kind `http` cannot have: a stand-in of another kind has them. */
const TAKEN: readonly string[] = ['mail']

/** The targets of kind `http` that have no stand-in of their own, each once. Throws an `Error` where one cannot have any. */
export function genericTargets(services: readonly ConsumerService[]): readonly string[] {
  const names = services.flatMap(service =>
    Object.entries(service.targets)
      .filter(([target, { kind }]) => isHttp({ service: service.name, target, kind }))
      .map(([target]) => target),
  )
  return [...new Set(names)].filter(name => !OWN.some(own => own === name))
}

function isHttp({ service, target, kind }: { service: string; target: string; kind: string }): boolean {
  if (kind !== 'http' && kind !== 'smtp') {
    throw new Error(`target ${target} of ${service} is of kind ${kind}: the local stack has no stand-in for it`)
  }
  if (kind === 'http' && TAKEN.includes(target)) {
    throw new Error(`target ${target} of ${service} has the name of another stand-in: call it something else`)
  }
  return kind === 'http'
}

/** What a service reads of its targets: where the stand-ins are. */
export function targetVariables({ targets }: ConsumerService, ports: StackPorts): Record<string, string> {
  const all = Object.entries(targets).map(([target, { kind }]) =>
    kind === 'smtp'
      ? {
          [variableName(target, 'URL')]: `smtp://${LOOPBACK}:${ports.smtp}`,
          [variableName(target, 'FROM')]: 'Hookline <orders@hookline.example>',
        }
      : { [variableName(target, 'URL')]: `http://${LOOPBACK}:${httpPort(target, ports)}` },
  )
  return Object.assign({}, ...all)
}

function httpPort(target: string, ports: StackPorts): number {
  const own = OWN.find(name => name === target)
  const port = own ? ports[own] : ports.targets[target]
  if (port === undefined) throw new Error(`the stack has no stand-in for target ${target}`)
  return port
}
