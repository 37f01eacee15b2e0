import { readFileSync } from 'node:fs'
import { codeOf, Failure } from './failure.ts'
import { findUp } from './find-up.ts'

/** What a running local stack tells of itself in `.hookline/stack.json`. */
export interface LocalStack {
  readonly file: string
  /** `host:port` */
  readonly kafka: string
  readonly mongodbUri: string
  /** `http://host:port` of the admin server of each ingress. */
  readonly ingressAdmins: readonly string[]
  /** By source; each is what its ingress was started with. */
  readonly secrets: Readonly<Record<string, string>>
  /** Names of its consumer services. */
  readonly services: readonly string[]
}

const INGRESS = 'ingress'

type StackField = 'kafka' | 'mongodb' | 'services' | 'sources'

/** The local stack around `cwd` or of this repository; undefined where none runs. */
export function findLocalStack(cwd: string): LocalStack | undefined {
  const file = findUp('.hookline/stack.json', cwd)
  const text = file === undefined ? undefined : read(file)
  if (file === undefined || text === undefined) return undefined
  const { kafka, mongodb, services, sources } = parse(file, text)
  if (typeof kafka !== 'string' || typeof mongodb !== 'string') throw broken(file)
  const names = Object.keys(isRecord(services) ? services : {})
  return {
    file,
    kafka,
    mongodbUri: mongodb,
    ingressAdmins: adminsOf(services, INGRESS),
    secrets: secretsOf(sources),
    services: names.filter(name => name !== INGRESS),
  }
}

function adminsOf(services: unknown, name: string): readonly string[] {
  const instances = isRecord(services) ? services[name] : undefined
  if (!Array.isArray(instances)) return []
  return instances.flatMap((one: unknown) => (isRecord(one) && typeof one['admin'] === 'string' ? [one['admin']] : []))
}

function secretsOf(sources: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(isRecord(sources) ? sources : {}).flatMap(([name, source]) =>
    isRecord(source) && typeof source['secret'] === 'string' ? [[name, source['secret']] as const] : [],
  )
  return Object.fromEntries(entries)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined // the stack ended just now
    throw new Failure('usage', `${file} cannot be read (${codeOf(error)}): run this as the user who started the stack`)
  }
}

function parse(file: string, text: string): { readonly [name in StackField]?: unknown } {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch {
    // not the parser's own message: it quotes the text, and secrets are in it
  }
  throw broken(file)
}

function broken(file: string): Failure {
  return new Failure(
    'usage',
    `${file} is not what the local stack writes: stop the stack, remove the file, start again`,
  )
}
