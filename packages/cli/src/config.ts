import { declaredSources, type SourceValues, variablesOf } from '@hookline/ingress/quarantine'
import { type KafkaSecurity, readSecurity, SecurityRefused } from '@hookline/kafka'
import { Failure } from './failure.ts'
import { findLocalStack, type LocalStack } from './local-stack.ts'
import { topicServices } from './topic-services.ts'

/** As the services have it. */
const DEFAULT_REPLICATION_MIN = 3
const START = 'start the local stack (npx -y pnpm@12 start)'

/** Which Kafka and which MongoDB, and what is there to be asked. */
export interface Config {
  /** `.hookline/stack.json` where that is what names them; undefined: the environment does. */
  readonly stackFile: string | undefined
  /** `host:port` each. */
  readonly brokers: readonly string[]
  /** Reads files again each time. Holds secrets; throws a `Failure` that says what to set. */
  readonly security: () => KafkaSecurity
  /** The lowest replication of a topic with which the services start: `KAFKA_REPLICATION_MIN`, as they read it. */
  readonly replicationMin: number
  /** `http://host:port` of the admin server of each ingress that the local stack tells of. */
  readonly ingressAdmins: readonly string[]
  /** May hold a password. */
  readonly mongodbUri: string | undefined
  readonly webhooks: WebhookSettings
  /** Names of the consumer services, at once group ids and databases: ask `servicesAsked`. */
  readonly services: readonly string[]
  /** The local stack that was passed over because the environment names something else. */
  readonly passedOver: LocalStack | undefined
  readonly cwd: string
}

/** Where the senders' secrets are, as the ingress has it. Holds secrets. */
interface WebhookSettings {
  /** `WEBHOOK_SECRETS_PATH`: a file or a folder. */
  readonly path: string | undefined
  /** The variables of each source. */
  readonly values: SourceValues
}

/**
 * The only reader of the environment. A local stack that runs is taken as a whole, unless the environment names another
 * Kafka or MongoDB: then the environment is, as a whole, so that one's Kafka is never asked with the other's MongoDB.
 */
export function readConfig(env: NodeJS.ProcessEnv, cwd: string): Config {
  const kafka = env['KAFKA_BROKERS'] || undefined
  const mongodbUri = env['MONGODB_URI'] || undefined
  const named = servicesOf(env['HOOKLINE_SERVICES'])
  const stack = findLocalStack(cwd)
  if (stack && (kafka ?? stack.kafka) === stack.kafka && (mongodbUri ?? stack.mongodbUri) === stack.mongodbUri) {
    const { file: stackFile, mongodbUri, ingressAdmins } = stack
    const brokers = listOf(stack.kafka)
    const webhooks = webhooksOfStack(stack)
    const local = { stackFile, brokers, security: () => ({}), replicationMin: 1, mongodbUri, ingressAdmins, webhooks }
    return { ...local, services: named ?? stack.services, passedOver: undefined, cwd }
  }
  const security = () => securityOf(env)
  const replicationMin = replicationMinOf(env['KAFKA_REPLICATION_MIN'])
  const remote = {
    stackFile: undefined,
    brokers: listOf(kafka),
    security,
    replicationMin,
    mongodbUri,
    ingressAdmins: [],
    webhooks: webhooksOf(env),
  }
  return { ...remote, services: named ?? topicServices(cwd), passedOver: stack, cwd }
}

/** Throws a `Failure` that says what to set. */
export function requireBrokers(config: Config): readonly string[] {
  if (config.brokers.length > 0) return config.brokers
  throw missing(config, 'KAFKA_BROKERS', 'host:port of some brokers, separated by commas', 'MONGODB_URI')
}

/** Throws a `Failure` that says what to set. */
export function requireMongodbUri({ mongodbUri, ...config }: Config): string {
  if (mongodbUri === undefined) {
    throw missing(config, 'MONGODB_URI', 'mongodb://host:port/?replicaSet=…', 'KAFKA_BROKERS')
  }
  if (/^mongodb(\+srv)?:\/\//.test(mongodbUri)) return mongodbUri
  throw new Failure('usage', 'MONGODB_URI must begin with mongodb:// or mongodb+srv://')
}

/** The services, or the one that was asked for. Throws a `Failure` where there is none, or none of that name. */
export function servicesAsked({ services }: Config, asked?: string): readonly string[] {
  if (services.length === 0) {
    throw new Failure(
      'usage',
      'No consumer service is known here: name them, separated by commas, with HOOKLINE_SERVICES.',
    )
  }
  if (asked === undefined) return services
  if (services.includes(asked)) return [asked]
  throw new Failure(
    'usage',
    `There is no service "${asked}"; there are ${services.join(', ')}. HOOKLINE_SERVICES lists others, separated by commas.`,
  )
}

function webhooksOf(env: NodeJS.ProcessEnv): WebhookSettings {
  const names = declaredSources.flatMap(({ catalogue }) => Object.values(variablesOf(catalogue)))
  const values = Object.fromEntries(names.map(name => [name, env[name] || undefined]))
  return { path: env['WEBHOOK_SECRETS_PATH'] || undefined, values }
}

function webhooksOfStack({ secrets }: LocalStack): WebhookSettings {
  const values = Object.entries(secrets).map(([source, secret]) => [variablesOf({ source }).secret, secret])
  return { path: undefined, values: Object.fromEntries(values) }
}

function missing(config: Pick<Config, 'passedOver'>, name: string, what: string, other: string): Failure {
  const { passedOver } = config
  const message =
    passedOver === undefined
      ? `No local stack runs here and ${name} is not set: ${START}, or set ${name} to ${what}.`
      : `${name} is not set, and ${other} names something else than the local stack (${passedOver.file}): unset ${other} to ask the local stack, or set ${name} to ${what}.`
  return new Failure('usage', message)
}

/** The meaning of the variables is that of the services; what production refuses is theirs to say. */
function securityOf(env: NodeJS.ProcessEnv): KafkaSecurity {
  try {
    return readSecurity(env, { production: false })
  } catch (error) {
    if (error instanceof SecurityRefused) throw new Failure('usage', error.problems.join('\n'))
    throw error
  }
}

function replicationMinOf(text: string | undefined): number {
  const least = Number(text || DEFAULT_REPLICATION_MIN)
  if (Number.isInteger(least) && least >= 1) return least
  throw new Failure('usage', 'KAFKA_REPLICATION_MIN must be a whole number above 0')
}

function servicesOf(text: string | undefined): readonly string[] | undefined {
  const names = listOf(text)
  if (names.length === 0) return undefined
  const wrong = names.find(name => !/^[A-Za-z0-9_-]{1,63}$/.test(name))
  if (wrong === undefined) return [...new Set(names)]
  throw new Failure('usage', 'HOOKLINE_SERVICES must be names of letters, digits, - and _, separated by commas')
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '')
}
