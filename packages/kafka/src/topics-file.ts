import { parse } from 'yaml'
import type { WantedTopic } from './topic-plan.ts'

/** A problem in the topics' file; the message names the place. */
export class TopicsFileInvalid extends Error {
  readonly code = 'topics_file_invalid'

  constructor(message: string) {
    super(message)
    this.name = 'TopicsFileInvalid'
  }
}

/**
 * Reads the topics' file:
 *
 *     defaults: { partitions: 12, replication_factor: 3, config: { retention.ms: 604800000 } }
 *     profiles:
 *       local: { partitions: 6, replication_factor: 1, config: { min.insync.replicas: 1 } }
 *     topics:
 *       - name: points.webhook
 *       - name: email.dead
 *         config: { retention.ms: 2592000000 }
 *
 * A topic takes what it says itself; the profile wins over both, being about the cluster and not the topic.
 * Throws `TopicsFileInvalid`.
 */
export function parseTopics(text: string, profile?: string): readonly WantedTopic[] {
  const file = mapping(parse(text), 'the file')
  only(file, ['defaults', 'profiles', 'topics'], 'the file')
  const defaults = settings(file['defaults'] ?? {}, 'defaults')
  const profiles = mapping(file['profiles'] ?? {}, 'profiles')
  if (profile !== undefined && !Object.hasOwn(profiles, profile)) {
    throw new TopicsFileInvalid(`there is no profile "${profile}"; there are: ${Object.keys(profiles).join(', ')}`)
  }
  const override = profile === undefined ? {} : settings(profiles[profile], `profiles.${profile}`)
  const topics = file['topics']
  if (!Array.isArray(topics) || topics.length === 0) throw new TopicsFileInvalid('topics must be a list of topics')
  const wanted = topics.map((entry, index) => topic(entry, `topics[${index}]`, defaults, override))
  const twice = wanted.find((one, index) => wanted.findIndex(other => other.name === one.name) !== index)
  if (twice !== undefined) throw new TopicsFileInvalid(`topic ${twice.name} stands there twice`)
  return wanted
}

interface Settings {
  partitions?: number
  replication_factor?: number
  config?: Record<string, string>
}

function topic(entry: unknown, where: string, defaults: Settings, override: Settings): WantedTopic {
  const { name, ...rest } = mapping(entry, where)
  if (typeof name !== 'string' || !/^[A-Za-z0-9._-]{1,249}$/.test(name)) {
    throw new TopicsFileInvalid(`${where}.name must be 1 to 249 of the characters A-Z a-z 0-9 . _ -`)
  }
  const own = settings(rest, where)
  const { partitions, replication_factor } = { ...defaults, ...own, ...override }
  if (partitions === undefined) throw new TopicsFileInvalid(`${where}.partitions is missing, in defaults too`)
  if (replication_factor === undefined) {
    throw new TopicsFileInvalid(`${where}.replication_factor is missing, in defaults too`)
  }
  const config = { ...defaults.config, ...own.config, ...override.config }
  return { name, partitions, replicationFactor: replication_factor, config }
}

function settings(value: unknown, where: string): Settings {
  const given = mapping(value, where)
  only(given, ['partitions', 'replication_factor', 'config'], where)
  const read: Settings = {}
  if (given['partitions'] !== undefined) read.partitions = positive(given['partitions'], `${where}.partitions`)
  if (given['replication_factor'] !== undefined) {
    read.replication_factor = positive(given['replication_factor'], `${where}.replication_factor`)
  }
  if (given['config'] !== undefined) {
    const config = mapping(given['config'], `${where}.config`)
    read.config = Object.fromEntries(Object.entries(config).map(([key, one]) => [key, scalar(one, `${where}.${key}`)]))
  }
  return read
}

function mapping(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new TopicsFileInvalid(`${where} must be a mapping`)
}

function only(given: Record<string, unknown>, names: readonly string[], where: string): void {
  const unknown = Object.keys(given).find(name => !names.includes(name))
  if (unknown !== undefined) throw new TopicsFileInvalid(`${where} has an unknown field "${unknown}"`)
}

function positive(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
  throw new TopicsFileInvalid(`${where} must be a whole number above 0`)
}

function scalar(value: unknown, where: string): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  throw new TopicsFileInvalid(`${where} must be a single value`)
}
