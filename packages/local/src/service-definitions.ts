import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Consumer, ConsumerService } from '@hookline/consumer'
import { exportName } from '@hookline/consumer/loop'
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
 * Throws an `Error` that names the file, and says what is missing or wrong in it.
 */
export function serviceDefinitions(
  names = consumerServices(),
  services = SERVICES,
): Promise<readonly ConsumerService[]> {
  return Promise.all(names.map(name => definition(name, services)))
}

function isConsumer(manifest: string): boolean {
  if (!existsSync(manifest)) return false
  const { dependencies = {} }: { dependencies?: object } = JSON.parse(readFileSync(manifest, 'utf8'))
  return '@hookline/consumer' in dependencies
}

async function definition(name: string, services: string): Promise<ConsumerService> {
  const path = join(services, name, 'src', `${name}.ts`)
  const exported = exportName(name)
  const file = `services/${name}/src/${name}.ts`
  const missing = `${file} must export ${exported}, made by defineConsumer with name '${name}'`
  if (!existsSync(path)) throw new Error(missing)
  const defined = (await imported(path, file))[exported]
  if (!isDefined(defined) || defined.name !== name) throw new Error(missing)
  return 'with' in defined ? defined : { name, targets: {}, config: {}, with: () => defined }
}

async function imported(path: string, file: string): Promise<Record<string, unknown>> {
  try {
    const module: Record<string, unknown> = await import(/* @vite-ignore */ pathToFileURL(path).href)
    return module
  } catch (error) {
    // a syntax error tells its place only before its stack
    const what = error instanceof Error ? (error.stack ?? error.message).split('\n    at ')[0] : String(error)
    throw new Error(`${file} cannot be loaded: ${what}`, { cause: error })
  }
}

function isDefined(value: unknown): value is Consumer | ConsumerService {
  return typeof value === 'object' && value !== null && 'name' in value && ('with' in value || 'effects' in value)
}
