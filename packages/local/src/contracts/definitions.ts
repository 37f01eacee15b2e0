import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Consumer } from '@hookline/consumer'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { REPOSITORY } from '../repository.ts'

const isConsumerPackage = Compile(Type.Object({ dependencies: Type.Object({ '@hookline/consumer': Type.String() }) }))
const isDefinition = Compile(
  Type.Object({
    name: Type.String(),
    effects: Type.Array(
      Type.Object({ name: Type.String(), on: Type.Record(Type.String(), Type.Array(Type.String())) }),
    ),
  }),
)

/**
 * The definitions of all consumer services, as `services/<name>/src/<name>.ts` exports them.
 * Throws an `Error` that says what is missing.
 */
export async function definitions(): Promise<readonly Consumer[]> {
  const services = join(REPOSITORY, 'services')
  const consumers = readdirSync(services).filter(name => isConsumer(join(services, name, 'package.json')))
  return Promise.all(consumers.toSorted().map(name => definition(name, join(services, name, 'src', `${name}.ts`))))
}

function isConsumer(manifest: string): boolean {
  return existsSync(manifest) && isConsumerPackage.Check(JSON.parse(readFileSync(manifest, 'utf8')))
}

async function definition(name: string, path: string): Promise<Consumer> {
  const exported = name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  const missing = `services/${name}/src/${name}.ts must export a function ${exported}(client) that makes its consumer`
  if (!existsSync(path)) throw new Error(missing)
  const module: Record<string, unknown> = await import(/* @vite-ignore */ pathToFileURL(path).href)
  const define = module[exported]
  if (typeof define !== 'function') throw new Error(missing)
  const made: unknown = define(noClient)
  if (!isDefinition.Check(made) || made.name !== name) throw new Error(missing)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `contracts` reads of it was checked
  return made as unknown as Consumer
}

/** In place of a service's clients: a definition only hands them on to its handlers, and no handler runs here. */
const noClient: unknown = new Proxy(() => {}, {
  get: () => noClient,
  apply: () => {
    throw new Error('a definition must use its clients in its handlers only')
  },
})
