import type { ConsumerService } from '@hookline/consumer'
import { variableName } from '@hookline/consumer/loop'
import type { TProperties, TSchema } from 'typebox'
import { consumerConfig } from './consumer-config.ts'
import { sharedConfig } from './shared-config.ts'

const OF_ALL = new Set(Object.keys({ ...sharedConfig.properties, ...consumerConfig.properties }))

/**
 * What a service reads beside the variables of every consumer: its targets' and its own, by their names in the environment.
 * Throws an `Error` where one name would mean two things.
 */
export function serviceVariables({
  name: service,
  targets,
  config,
}: Pick<ConsumerService, 'name' | 'targets' | 'config'>): TProperties {
  const ofTargets = Object.entries(targets).flatMap(([target, { variables }]) =>
    Object.entries<TSchema>(variables).map(([name, schema]) => [variableName(target, name), schema] as const),
  )
  const all = [...ofTargets, ...Object.entries(config)]
  const names = all.map(([name]) => name)
  const twice = names.find((name, n) => OF_ALL.has(name) || names.indexOf(name) < n)
  if (twice !== undefined)
    throw new Error(`consumer ${service}: ${twice} is the name of two variables, give one another`)
  return Object.fromEntries(all)
}
