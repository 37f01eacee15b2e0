import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Consumer, ConsumerService } from '@hookline/consumer'
import { REPOSITORY, withoutClients } from '@hookline/local'
import { UsageError } from './usage-error.ts'

export interface DeclaredTarget {
  /** Its variables begin with it: `ERP_URL` for `erp`. */
  readonly name: string
  readonly kind: 'http' | 'smtp'
}

/** What is checked: a program, and what its team declares of it. */
export interface Declared {
  /** At once its group id, its database and its dead-letter topic. */
  readonly name: string
  readonly consumer: Consumer
  readonly targets: readonly DeclaredTarget[]
  /** The file that is run. */
  readonly program: string
}

/** Where a service stands that is not `services/<name>`. */
export interface Elsewhere {
  readonly program: string
  /** A module that exports what `defineConsumer` returned. */
  readonly declaration: string
}

/** Finds a service's declaration and program. Throws `UsageError`. */
export async function declaredService(named: string | Elsewhere): Promise<Declared> {
  const { program, declaration } = typeof named === 'string' ? inRepository(named) : named
  for (const file of [program, declaration]) if (!existsSync(file)) throw new UsageError(`there is no file ${file}`)
  const module: Record<string, unknown> = await import(/* @vite-ignore */ pathToFileURL(declaration).href)
  const service = Object.values(module).find(exported => isConsumerService(exported))
  if (service === undefined) {
    throw new UsageError(`${declaration} must export what defineConsumer({ name, targets, effects }) returns`)
  }
  return { name: service.name, consumer: withoutClients(service), targets: targetsOf(service), program }
}

function targetsOf({ name: service, targets }: ConsumerService): readonly DeclaredTarget[] {
  return Object.entries(targets).map(([name, { kind }]) => {
    if (kind === 'http' || kind === 'smtp') return { name, kind }
    throw new UsageError(`target ${name} of ${service} is of kind ${kind}: the suite serves http and smtp`)
  })
}

function isConsumerService(value: unknown): value is ConsumerService {
  return typeof value === 'object' && value !== null && 'name' in value && 'targets' in value && 'with' in value
}

function inRepository(name: string): Elsewhere {
  const src = join(REPOSITORY, 'services', name, 'src')
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(src)) throw new UsageError(`there is no service services/${name}`)
  return { program: join(src, 'main.ts'), declaration: join(src, `${name}.ts`) }
}
