import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Consumer, ConsumerService } from '@hookline/consumer'
import { REPOSITORY } from './repository.ts'

const SERVICES = join(REPOSITORY, 'services')

/** The consumer services by their names: what stands in `services/` and depends on the kit. */
export function consumerServices(): readonly string[] {
  return readdirSync(SERVICES)
    .filter(name => isConsumer(join(SERVICES, name, 'package.json')))
    .toSorted()
}

/**
 * What `services/<name>/src/<name>.ts` exports under its name in camel case; one without targets has none here.
 * Throws an `Error` that says what is missing.
 */
export function serviceDefinitions(names = consumerServices()): Promise<readonly ConsumerService[]> {
  return Promise.all(names.map(definition))
}

function isConsumer(manifest: string): boolean {
  if (!existsSync(manifest)) return false
  const { dependencies = {} }: { dependencies?: object } = JSON.parse(readFileSync(manifest, 'utf8'))
  return '@hookline/consumer' in dependencies
}

async function definition(name: string): Promise<ConsumerService> {
  const path = join(SERVICES, name, 'src', `${name}.ts`)
  const exported = name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  const missing = `services/${name}/src/${name}.ts must export ${exported}, made by defineConsumer with name '${name}'`
  if (!existsSync(path)) throw new Error(missing)
  const module: Record<string, unknown> = await import(/* @vite-ignore */ pathToFileURL(path).href)
  const defined = module[exported]
  if (!isDefined(defined) || defined.name !== name) throw new Error(missing)
  return 'with' in defined ? defined : { name, targets: {}, config: {}, with: () => defined }
}

function isDefined(value: unknown): value is Consumer | ConsumerService {
  return typeof value === 'object' && value !== null && 'name' in value && ('with' in value || 'effects' in value)
}
