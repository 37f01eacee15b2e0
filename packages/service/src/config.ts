import fastifyEnv from '@fastify/env'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Static, TObject } from 'typebox'
import { sharedConfig, sharedProblems } from './shared-config.ts'
import type { SharedConfig } from './shared-config.ts'
import { StartRefused } from './start-refused.ts'

/** The shared variables and the service's own, under the names they have in the environment. */
export type Config<S extends TObject> = SharedConfig & Static<S>

export interface ReadConfigOptions<S extends TObject> {
  /** The service's own variables. */
  readonly schema: S
  /** What is wrong with these values together, a sentence each that says what to set; empty when nothing is. */
  readonly problems?: (config: Config<S>) => readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * The only reader of the environment, by @fastify/env on the service's admin app. Rejects with `StartRefused`, whose
 * message names variables, never their values.
 */
export async function readConfig<S extends TObject>(
  app: FastifyInstance,
  options: ReadConfigOptions<S>,
): Promise<Config<S>> {
  const { schema, problems, env = process.env } = options
  const merged = Type.Object({ ...sharedConfig.properties, ...schema.properties })
  // compose files pass an unset variable on as an empty one
  const data = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  try {
    await app.register(fastifyEnv, { schema: merged, data, env: false })
  } catch (error) {
    throw new StartRefused(sentences(error, merged))
  }
  const config = app.getEnvs<Config<S>>()
  const found = [...sharedProblems(config), ...(problems?.(config) ?? [])]
  if (found.length > 0) throw new StartRefused(found)
  return config
}

interface SchemaProblem {
  instancePath: string
  keyword: string
  message?: string
  params: { missingProperty?: string; allowedValues?: readonly string[] }
}

function isSchemaError(error: unknown): error is { errors: readonly SchemaProblem[] } {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}

function sentences(error: unknown, schema: TObject): string[] {
  if (!isSchemaError(error)) throw error
  return error.errors.map(({ instancePath, keyword, message, params }) => {
    const name = params.missingProperty ?? instancePath.slice(1)
    const allowed = params.allowedValues ? `: ${params.allowedValues.join(', ')}` : ''
    const what = keyword === 'required' ? 'is not set' : `${message}${allowed}`
    return `${name} ${what}${descriptionOf(schema, name)}`
  })
}

function descriptionOf(schema: TObject, name: string): string {
  const property = schema.properties[name]
  return property && 'description' in property && typeof property.description === 'string'
    ? ` (${property.description})`
    : ''
}
