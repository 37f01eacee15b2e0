import type { Consumer, ConsumerService } from '@hookline/consumer'

/**
 * What a service declares of its effects. A declaration hands its clients on to its handlers only, and no handler runs here:
 * what it makes of them before throws an `Error`. Its own variables have their defaults.
 */
export function withoutClients(service: ConsumerService): Consumer {
  const clients = Object.keys(service.targets).map(name => [name, nothing])
  const values = Object.entries(service.config).map(([name, schema]) => [
    name,
    'default' in schema ? schema.default : nothing,
  ])
  return service.with(Object.fromEntries(clients), Object.fromEntries(values))
}

// oxlint-disable-next-line typescript/no-explicit-any -- a client of any type
const nothing: any = new Proxy(() => {}, {
  get: () => nothing,
  apply: () => {
    throw new Error('a declaration must use its clients and its config in its handlers only')
  },
})
