import { type ConsumerService, variableName } from '@hookline/consumer'
import type { TProperties } from 'typebox'

/** What a service reads beside the variables of every consumer: its targets' and its own, by their names in the environment. */
export function serviceVariables({ targets, config }: Pick<ConsumerService, 'targets' | 'config'>): TProperties {
  const ofTargets = Object.entries(targets).flatMap(([target, { variables }]) =>
    Object.entries(variables).map(([name, schema]) => [variableName(target, name), schema]),
  )
  return { ...Object.fromEntries(ofTargets), ...config }
}
